"""Files that cannot or must not be read: each gives one sentence, and quickly."""

import io
import zipfile

import pytest

from harken.core.outline import Limits, OutlineError, read_outline
from tests.core.outline.pages import PAGE, pack_odt, render_docx, render_odt


def pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def refusal(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(OutlineError) as caught:
        read_outline(data, name=name, limits=limits or Limits())
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.txt", "is empty"),
        (b" \r\n\t", "a.md", "is empty"),
        ("\ufeff\u00a0".encode(), "a.txt", "is empty"),
        (b"\x89PNG\r\n\x1a\n....", "a.docx", "“a.docx” is named as a Word document (DOCX), but it is a PNG image"),
        (b"<!DOCTYPE html><p>x", "dir/a.docx", "“a.docx” is named as a Word document (DOCX), but it is an HTML page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx", "protected by a password"),
        (b"%PDF-1.7 ...", "", "is a PDF"),
        (b"%PDF-1.7 ...", "a.txt", "but it is a PDF"),
        (b"<html><body>x", "a.txt", "but it is an HTML page"),
        (b"one\ntwo\x00three", "a.txt", "zero byte on line 2"),
        (b"one\ntwo \x01 three", "a.txt", "U+0001 on line 2"),
        ("Größe\n".encode() + b"caf\xc3\x28\n", "a.txt", "byte 0xc3 on line 2"),
        (b"\xff\xfe\xfa broken", "a.txt", "save it as UTF-8"),
        (b"\xef\xbb\xbfone\ntwo \xff", "a.txt", "line 2"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(data: bytes, name: str, says: str) -> None:
    assert says in refusal(data, name)


def test_a_package_of_another_kind() -> None:
    assert "not a Word document" in refusal(pack({"notes.txt": b"hello"}), "a.docx")
    assert "it is an ODT" in refusal(render_odt(PAGE), "a.docx")
    assert "it is a DOCX" in refusal(render_docx(PAGE), "a.odt")
    assert "ZIP archive" in refusal(pack({"notes.txt": b"hello"}), "a.txt")


def test_a_damaged_package() -> None:
    whole = render_docx(PAGE)
    parts = unpack(whole)

    assert "damaged" in refusal(whole[: len(whole) // 2], "a.docx")
    assert "cannot be converted" in refusal(pack({**parts, "word/document.xml": b"<broken"}), "a.docx")
    assert "cannot be converted" in refusal(pack_odt("<broken"), "a.odt")


def test_a_package_that_unpacks_to_too_much() -> None:
    bomb = pack({"[Content_Types].xml": b"wordprocessingml", "word/document.xml": b" " * 30_000_000})

    assert "more than 200 times its size" in refusal(bomb, "a.docx")
    assert "more than 1.0 MB" in refusal(bomb, "a.docx", Limits(unpacked_bytes=1_000_000))
    assert "at most 5" in refusal(pack({f"{n}.xml": b"" for n in range(6)}), "a.docx", Limits(package_entries=5))


def test_a_package_that_lies_about_its_size() -> None:
    data = bytearray(pack({"[Content_Types].xml": b"wordprocessingml", "word/document.xml": b"A" * 3_000_000}))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")

    assert "damaged" in refusal(bytes(data), "a.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_xml_entities_are_refused(encoding: str) -> None:
    parts = unpack(render_docx(PAGE))
    parts["word/document.xml"] = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'.encode(encoding)

    assert "XML entities" in refusal(pack(parts), "a.docx")


def test_a_document_protected_by_a_password() -> None:
    data = bytearray(pack({"[Content_Types].xml": b"x"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1

    assert "password" in refusal(bytes(data), "a.docx")


def test_more_than_the_limits_allow() -> None:
    assert "200 MB; at most 50 MB" in refusal(b"x" * 200_000_000, "a.txt")
    assert "characters" in refusal(b"word " * 2_000_000, "a.txt")
    assert "more than 10,000 headings" in refusal(b"# h\n" * 100_000, "a.md")
    assert "more than 10,000 headings" in refusal(b"== h ==\n" * 11_000, "a.wiki")
    assert "more than 10,000 headings" in refusal(b"<h2>h</h2>\n" * 11_000, "a.html")
    assert "more than 100 headings" in refusal(b"Heading\n1. x\n" * 200, "a.txt", Limits(headings=100))
    assert "more than 300 paragraphs" in refusal(b"Heading\n1. x\n" * 200, "a.txt", Limits(blocks=300))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<div>" * 100_000 + b"x", "a.html"),
        (b"<ul><li>" * 100_000 + b"x", "a.html"),
        (b"{{" * 100_000 + b"x", "a.wiki"),
    ],
)
def test_deep_nesting_is_refused(data: bytes, name: str) -> None:
    assert "nested too deeply" in refusal(data, name) or "inside each other" in refusal(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"- " * 50_000 + b"x", "a.md"),
        (b">" * 50_000 + b"x", "a.md"),
        (b"[" * 50_000, "a.md"),
        (b"*a **b " * 20_000, "a.md"),
        (b"#" * 50_000 + b" x", "a.wiki"),
        (b"{{a|" * 5_000 + b"x" + b"}}" * 5_000, "a.wiki"),
        (b"[[" * 50_000, "a.wiki"),
        (b"<ref>" * 50_000, "a.wiki"),
        (b"<b>" * 50_000, "a.wiki"),
        (b"<!--" * 50_000, "a.wiki"),
        (b"'" * 50_000, "a.wiki"),
        (b"1." * 50_000 + b" x", "a.txt"),
        (b"1. " + b"(" * 100_000, "a.txt"),
        (b"English, " * 20_000, "a.txt"),
        (b"September 15, " * 20_000, "a.txt"),
        (b"<p>" + b"&" * 100_000, "a.html"),
        (b"<" * 100_000, "a.html"),
    ],
)
def test_hostile_repetition_ends(data: bytes, name: str) -> None:
    assert read_outline(data, name=name).iterations == ()


def test_deep_office_documents_end() -> None:
    depth = 20_000
    content = b"<w:sdt><w:sdtContent>" * depth + b"</w:sdtContent></w:sdt>" * depth
    space = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    parts = unpack(render_docx(PAGE)) | {"word/document.xml": space + content + b"</w:body></w:document>"}

    assert read_outline(pack(parts), name="a.docx").iterations == ()


def test_a_conversion_that_takes_too_long_or_too_much() -> None:
    document = render_docx(PAGE)

    assert "longer than 0.001 seconds" in refusal(document, "a.docx", Limits(converter_seconds=0.001))
    assert "memory" in refusal(big_docx(), "a.docx", Limits(converter_megabytes=8))


def big_docx() -> bytes:
    parts = unpack(render_docx(PAGE))
    body = b"".join(b"<w:p><w:r><w:t>paragraph %d of many</w:t></w:r></w:p>" % n for n in range(40_000))
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr", body + b"<w:sectPr", 1)
    return pack(parts)
