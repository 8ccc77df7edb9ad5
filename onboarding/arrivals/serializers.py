"""New colleagues and their tasks as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.models import Employee
from onboarding.arrivals.actions import NAME_LENGTH, NOTE_LENGTH, TITLE_LENGTH
from onboarding.arrivals.naming import name_for, place_for
from onboarding.arrivals.task_actions import COMMENT_LENGTH
from onboarding.models import Arrival, ArrivalTask


class NewArrivalSerializer(serializers.Serializer[Any]):
    """A new colleague as told of: a person HR knows (`employee`), or a name, a unit and a first day."""

    employee = serializers.CharField(max_length=20, required=False, help_text="Who HR knows is coming.")
    name = serializers.CharField(max_length=NAME_LENGTH, required=False, default="", allow_blank=True)
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False, default="", allow_blank=True)
    unit = serializers.CharField(max_length=20, required=False)
    starts_date = serializers.DateField(required=False)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, default="", allow_blank=True)
    buddy = serializers.CharField(max_length=20, required=False)


class ArrivalChangeSerializer(serializers.Serializer[Any]):
    """Another first day, or called off and on again."""

    starts_date = serializers.DateField(required=False)
    cancelled = serializers.BooleanField(required=False)


class TaskChangeSerializer(serializers.Serializer[Any]):
    """How far a task has come, and a few words."""

    state = serializers.ChoiceField(choices=ArrivalTask.State.choices)
    comment = serializers.CharField(max_length=COMMENT_LENGTH, required=False, default="", allow_blank=True)


class ArrivalTaskSerializer(serializers.Serializer[Any]):
    """One task."""

    id = serializers.CharField()
    arrival = serializers.CharField()
    name = serializers.CharField(help_text="Whom it is for.")
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=ArrivalTask.State.choices)
    due_date = serializers.DateField()
    desk = serializers.CharField(allow_null=True)
    assignee = serializers.CharField(allow_null=True)


class ArrivalSerializer(serializers.Serializer[Any]):
    """One new colleague with what is made ready."""

    id = serializers.CharField()
    employee = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    place = serializers.CharField()
    starts_date = serializers.DateField()
    note = serializers.CharField()
    cancelled = serializers.BooleanField()
    ready = serializers.BooleanField()
    tasks = ArrivalTaskSerializer(many=True)


def task_as_shown(task: ArrivalTask, reader: Employee) -> dict[str, Any]:
    """Return the task as `reader` sees it."""
    return {
        "id": task.public_id,
        "arrival": task.arrival.public_id,
        "name": name_for(reader, task.arrival),
        "kind": task.kind,
        "title": task.title,
        "text": task.text,
        "state": task.state,
        "due_date": task.due_date,
        "desk": task.desk.name if task.desk else None,
        "assignee": task.assignee.public_id if task.assignee and not task.assignee.protected else None,
    }


def arrival_as_shown(arrival: Arrival, reader: Employee) -> dict[str, Any]:
    """Return the new colleague as `reader`, who reads the whole list, sees it. Its tasks have been fetched."""
    return {
        "id": arrival.public_id,
        "employee": arrival.employee.public_id if arrival.employee else None,
        "name": name_for(reader, arrival),
        "place": place_for(reader, arrival),
        "starts_date": arrival.starts_date,
        "note": arrival.note,
        "cancelled": arrival.cancelled_at is not None,
        "ready": arrival.ready_at is not None,
        "tasks": [task_as_shown(task, reader) for task in arrival.tasks.all()],
    }
