"""The static copy: whole, working without a server, the same byte for byte when nothing changed."""

import json
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from lxml import html as lxml_html

from harken.base.permits import OPERATOR
from harken.documents.actions.publication import revise_document
from harken.documents.drafts import DraftPassage
from harken.documents.models import PassageKind
from harken.processes.models import Iteration, Process
from harken.publishing.static import MANIFEST, CannotPublish, publish_static
from tests.cast import Cast, add_round


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_link_of_every_page_leads_to_a_file(cast: Cast, tmp_path: Path) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools")
    done = publish_static(tmp_path, languages=["en", "ar"])
    files = files_of(tmp_path)
    assert {"index.html", "ar/index.html", "processes/open-garden/iteration-1/AD-R1/index.html"} <= set(files)
    assert done.pages + done.assets + 1 == len(files)
    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        page = lxml_html.fromstring(content)
        for element in page.iter():
            for attribute in ("href", "src"):
                link = element.get(attribute)
                if link is None or link.startswith(("#", "http:", "https:", "mailto:")):
                    continue
                path, _hash, fragment = link.partition("#")
                target = normpath(join(dirname(name), path))
                assert target in files, f"{name} leads to {link}"
                if fragment:
                    assert f'id="{fragment}"'.encode() in files[target], f"{name} leads to {link}"
        assert not page.xpath("//form"), f"{name} has a form, which needs a server"


def test_an_unchanged_site_is_the_same_byte_for_byte_and_not_written_again(cast: Cast, tmp_path: Path) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    publish_static(tmp_path, languages=["en"])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    contents = files_of(tmp_path)
    done = publish_static(tmp_path, languages=["en"])
    assert (done.written, done.removed) == (0, 0)
    assert files_of(tmp_path) == contents
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_change_rewrites_what_shows_it_and_what_is_gone_is_removed(cast: Cast, tmp_path: Path) -> None:
    iteration, (document, _other) = add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools")
    publish_static(tmp_path, languages=["en"])
    words = [DraftPassage(PassageKind.TITLE, "Let it rain")]
    revise_document(actor=OPERATOR, document=document, passages=words)
    assert publish_static(tmp_path, languages=["en"]).written > 0
    page = tmp_path / "processes/open-garden/iteration-1/AD-R1/index.html"
    assert "Let it rain" in page.read_text(encoding="utf-8")
    Iteration.objects.filter(pk=iteration.pk).update(is_public=False)
    assert publish_static(tmp_path, languages=["en"]).removed > 0
    assert not page.exists()


def test_hidden_processes_are_not_in_the_copy(cast: Cast, tmp_path: Path) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    Process.objects.filter(pk=cast.process.pk).update(is_public=False)
    publish_static(tmp_path, languages=["en"])
    assert not (tmp_path / "processes").exists()
    assert not any(b"Open Garden" in content for content in files_of(tmp_path).values())


@pytest.mark.django_db
def test_a_folder_with_somebody_elses_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(CannotPublish, match="something else"):
        publish_static(tmp_path, languages=["en"])
    assert files_of(tmp_path) == {"thesis.txt": b"years of work"}


def test_the_manifest_names_every_file_with_its_hash(cast: Cast, tmp_path: Path) -> None:
    publish_static(tmp_path, languages=["en"])
    listed = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert set(listed) == set(files_of(tmp_path)) - {MANIFEST}
