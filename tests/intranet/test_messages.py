"""Finding texts and keeping catalogues."""

from __future__ import annotations

from pathlib import Path

import polib

from intranet.catalogues.extraction import Owner, Text, owners, texts_in_python, texts_in_template
from intranet.catalogues.merging import catalogue_path, complaints, contradictions, update_catalogue

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, pgettext
from django.utils import translation
title = later("A title")
def f(n, name):
    other("not this")
    _(name)
    return _("Hello "
             "you") + ngettext("%(count)d post", "%(count)d posts", n) + pgettext("a month", "May")
translation.gettext("By module")
"""

TEMPLATE = """
{% translate "Save" %} {% trans 'Don’t' context "a button" %}
{% blocktranslate trimmed with name=person.name %}
  Hello
  {{ name }}, 50 % done
{% endblocktranslate %}
{% blocktranslate count counter=n %}{{ counter }} answer{% plural %}{{ counter }} answers{% endblocktranslate %}
{% include "components/x.html" with title=_("A \\"quoted\\" title") %}
{# translators see nothing here {% translate "commented" %} #}
"""


def test_python_texts_are_found_under_any_name() -> None:
    assert set(texts_in_python(PYTHON)) == {
        Text(None, "A title"),
        Text(None, "Hello you"),
        Text(None, "%(count)d post", "%(count)d posts"),
        Text("a month", "May"),
        Text(None, "By module"),
    }


def test_template_texts_are_found_with_context_and_plural() -> None:
    assert set(texts_in_template(TEMPLATE, "x.html")) == {
        Text(None, "Save"),
        Text("a button", "Don’t"),
        Text(None, "Hello %(name)s, 50 %% done"),
        Text(None, "%(counter)s answer", "%(counter)s answers"),
        Text(None, 'A "quoted" title'),
    }


def test_templates_belong_to_their_app_and_the_rest_to_the_project(tmp_path: Path) -> None:
    for name in ("feed/views.py", "feed/migrations/0001.py", "intranet/views.py", "templates/feed/home.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("templates/base.html", "templates/components/card.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    feed, project = owners(tmp_path, ["feed", "intranet"], rest="intranet")
    assert [path.name for path in feed.python + feed.templates] == ["views.py", "home.html"]
    assert [path.name for path in project.templates] == ["base.html", "card.html"]


def test_an_update_keeps_translations_drops_what_is_gone_and_is_quiet(tmp_path: Path) -> None:
    path = catalogue_path(tmp_path, "feed", "nb")
    assert update_catalogue(path, {Text(None, "Save"), Text(None, "Gone")}, "nb")
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = "Lagre"
    catalogue.save()
    texts = {Text(None, "Save"), Text(None, "New"), Text(None, "%(n)d post", "%(n)d posts")}
    assert update_catalogue(path, texts, "nb")
    assert not update_catalogue(path, texts, "nb")
    after = polib.pofile(str(path))
    assert {entry.msgid: entry.msgstr for entry in after if not entry.msgid_plural} == {"Save": "Lagre", "New": ""}
    assert [entry.msgid for entry in after] == ["%(n)d post", "New", "Save"]
    assert "Date" not in path.read_text()


def test_the_check_names_each_fault(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    code = tmp_path / "feed" / "views.py"
    code.write_text(
        'from django.utils.translation import gettext as _\n_("Save")\n_("Delete")\n_("Hello %(name)s")\n_("Unsure")\n'
    )
    update_catalogue(catalogue_path(tmp_path, "feed", "nb"), {Text(None, "Save")}, "nb")
    catalogue = polib.pofile(str(catalogue_path(tmp_path, "feed", "nb")))
    catalogue.append(polib.POEntry(msgid="Hello %(name)s", msgstr="Hei %(navn)s"))
    catalogue.append(polib.POEntry(msgid="Unsure", msgstr="Usikker", flags=["fuzzy"]))
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="Borte"))
    catalogue.save()
    assert set(complaints(tmp_path, Owner("feed", [code], []), "nb")) == {
        "missing: 'Delete'",
        "not translated: 'Save'",
        "other placeholders than the text: 'Hello %(name)s'",
        "fuzzy: 'Unsure'",
        "obsolete: 'Gone'",
    }


def test_one_text_with_two_translations_is_found(tmp_path: Path) -> None:
    for app, said in (("feed", "Innlegg"), ("groups", "Post")):
        update_catalogue(catalogue_path(tmp_path, app, "nb"), {Text(None, "Post")}, "nb")
        catalogue = polib.pofile(str(catalogue_path(tmp_path, app, "nb")))
        catalogue[0].msgstr = said
        catalogue.save()
    assert list(contradictions(tmp_path, ["feed", "groups"], "nb")) == [
        "'Post' is 'Innlegg' in feed and 'Post' in groups: give one a context"
    ]
