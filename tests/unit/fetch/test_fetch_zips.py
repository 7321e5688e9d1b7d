"""Nothing of a zip file is written before all of it is checked."""

import stat
import zipfile

import pytest

from sendstats.fetch import zips
from sendstats.fetch.faults import FetchFault
from standin.made import make_zip
from standin.world import quick

RULES = quick("http://127.0.0.1:9", max_bytes=5_000_000, ratio_floor=1_000_000)


@pytest.fixture
def pack(tmp_path):
    def write(members):
        path = tmp_path / "all-files.zip"
        path.write_bytes(make_zip(members) if isinstance(members, list) else members)
        return path

    return write


def test_a_sound_zip_gives_its_files_by_name_and_kind(pack, tmp_path):
    path = pack(
        [
            ("data/a.csv", b"a\n1\n"),
            ("supporting-files/Notes on a.csv", b"b\n"),
            ("data-guidance/data-guidance.txt", b"words"),
            ("elsewhere/c.csv", b"c"),
            ("data/", b""),
        ]
    )
    members = zips.checked(path, RULES)
    assert zips.by_file(members) == {
        "a.csv": "data/a.csv",
        "Notes on a.csv": "supporting-files/Notes on a.csv",
        "data-guidance.txt": "data-guidance/data-guidance.txt",
    }
    assert [zips.kind_of(name) for name in sorted(members)] == [
        "guidance",
        "data",
        "",
        "supporting",
    ]
    assert b"".join(zips.pieces(path, "data/a.csv")) == b"a\n1\n"


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.csv",
        "data/../../escaped.csv",
        "/etc/escaped.csv",
        "data//escaped.csv",
        "data\\escaped.csv",
        "C:/escaped.csv",
        "data/.hidden",
        "data/new\nline.csv",
        "data/" + "x" * 300,
        "data/ padded.csv",
    ],
)
def test_a_name_that_could_leave_the_folder_is_refused(pack, name):
    with pytest.raises(FetchFault, match="refused") as caught:
        zips.checked(pack([("data/a.csv", b"a"), (name, b"b")]), RULES)
    assert "a name that could leave the folder" in caught.value.found


def test_all_faults_are_named_at_once(pack, tmp_path):
    path = tmp_path / "all-files.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("data/link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("data/a.csv", "a")
        archive.writestr("data/A.csv", "a")
        archive.writestr("data/zeros.csv", bytes(4_000_000))
        archive.writestr(zipfile.ZipInfo("data/odd.csv"), "a", zipfile.ZIP_BZIP2)
        archive.writestr("data/more.csv", bytes(2_000_000))
    with pytest.raises(FetchFault) as caught:
        zips.checked(path, RULES)
    for words in ("a link", "occurs twice", "far more than", "unknown compression", "too much"):
        assert words in caught.value.found


def test_an_encrypted_member_is_refused(pack):
    body = bytearray(make_zip([("data/a.csv", b"a")]))
    directory = body.index(b"PK\x01\x02")
    body[directory + 8] |= 1
    with pytest.raises(FetchFault) as caught:
        zips.checked(pack(bytes(body)), RULES)
    assert "encrypted" in caught.value.found


def test_a_wrong_crc_is_found_before_anything_is_written(pack):
    body = bytearray(make_zip([("data/a.csv", b"some text"), ("data/b.csv", b"other")]))
    crc = bytes(body[14:18])
    with pytest.raises(FetchFault) as caught:
        zips.checked(pack(bytes(body).replace(crc, b"\1\2\3\4")), RULES)
    assert "'data/a.csv' does not match its CRC" in caught.value.found
    assert "b.csv" not in caught.value.found


def test_members_that_share_their_bytes_are_refused(pack):
    body = make_zip([("data/a.csv", b"0123456789" * 30)])
    place = body.index(b"PK\x01\x02")
    entry = body[place : body.index(b"PK\x05\x06")]
    count = 9
    copies = b"".join(entry.replace(b"a.csv", b"%d.csv" % n) for n in range(count))
    end = bytearray(body[place + len(entry) :])
    end[8:12] = bytes([count, 0, count, 0])
    end[12:16] = len(copies).to_bytes(4, "little")
    with pytest.raises(FetchFault):
        zips.checked(pack(body[:place] + copies + bytes(end)), RULES)


@pytest.mark.parametrize("body", [b"", b"no zip", make_zip([("data/a.csv", b"a")])[:-10]])
def test_what_is_no_zip_is_damaged(pack, body):
    with pytest.raises(FetchFault, match="damaged"):
        zips.checked(pack(body), RULES)
