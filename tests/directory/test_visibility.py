from __future__ import annotations

from directory.models import Employee


def test_leader_sees_protected(amina: Employee, kari: Employee, thanh: Employee) -> None:
    amina.protected = True
    amina.save()
    assert amina in Employee.objects.visible_to(kari)
    assert amina in Employee.objects.visible_to(amina)
    assert amina not in Employee.objects.visible_to(thanh)
