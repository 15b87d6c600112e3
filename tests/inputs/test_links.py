"""Links in what people write: found however they are written, and told when they lead elsewhere."""

import pytest

from harken.inputs.links import find_hidden_links, find_links, find_refused_hosts, host_of


def test_addresses_are_found_as_people_write_them() -> None:
    text = "See https://a.example/x, (www.b.example). <ftp://c.example> and //d.example/y!"
    assert find_links(text) == ["https://a.example/x", "www.b.example", "ftp://c.example", "//d.example/y"]
    assert find_links("No link: 3.5 litres, e.g. this and/or that.") == []


def test_a_link_says_where_it_leads() -> None:
    assert (
        find_hidden_links("[our garden](https://garden.example/) and [https://www.a.example/x](https://a.example/x)")
        == []
    )
    assert find_hidden_links("[https://bank.example](https://thief.example)") == ["https://thief.example"]
    assert find_hidden_links("[bank.example](https://thief.example)") == ["https://thief.example"]
    assert find_hidden_links("[ ](https://thief.example)") == ["https://thief.example"]
    assert find_hidden_links("[\u200b](https://thief.example)") == ["https://thief.example"]
    assert find_hidden_links("https://bank.example@thief.example/") == ["https://bank.example@thief.example/"]


@pytest.mark.parametrize(
    "text",
    [
        "https://pills.example/buy",
        "https://shop.pills.example",
        "write to pills.example today",
        "PILLS.EXAMPLE",
        "pills\u200b.example",
        "ｐｉｌｌｓ.example",
        "pills。example",
        "https://pills.example./",
    ],
)
def test_a_refused_host_is_found_in_every_guise(text: str) -> None:
    assert find_refused_hosts(text, ["pills.example"]) == ["pills.example"]


@pytest.mark.parametrize(
    "text", ["https://notpills.example/", "pills.example.org", "pills, for example", "my-pills.example"]
)
def test_other_hosts_are_not_taken_for_it(text: str) -> None:
    assert find_refused_hosts(text, ["pills.example"]) == []


def test_a_host_in_another_script_is_the_same_in_both_ways_of_writing_it() -> None:
    assert host_of("https://bücher.example/") == "xn--bcher-kva.example"
    assert find_refused_hosts("https://xn--bcher-kva.example/", ["bücher.example"]) == ["xn--bcher-kva.example"]
    assert find_refused_hosts("https://bücher.example/", ["bücher.example"]) == ["xn--bcher-kva.example"]


@pytest.mark.parametrize("address", ["", "//", "https://[", "http://a..b", "//" + "a" * 300 + ".example"])
def test_what_is_no_address_has_no_strange_host(address: str) -> None:
    assert isinstance(host_of(address), str)
