"""Whatever stands in an address, the page answers."""
import pytest
from django.test import Client
from tests.cast import Cast
from tests.documents.test_private_drafts import addresses, secret, fresh
BAD = "a\x00b"
def test_bad(client: Client, cast: Cast, secret) -> None:
    client.force_login(cast.amina)
    client.raise_request_exception = False
    names = ("group","document","kind","find","with","edit","show","state","passage","author","before","page","source","earlier","later","from","depth","old","new","quote","suggest","on","proposed","q","as")
    bad = []
    for address in sorted(set(addresses(1))):
        for value in (BAD, "9"*30, "-1", "%D9%A3", "\ud800"):
            r = client.get(address, {n: value.encode("utf-8","surrogatepass") for n in names})
            if r.status_code >= 500: bad.append((address, repr(value)[:12]))
        r = client.get(address + "%00/"); 
        if r.status_code >= 500: bad.append((address, "path nul"))
    for a in ("/processes/open-garden/iteration-1/A%00D/", "/processes/open-garden/groups/A%00/", "/processes/open-garden/iteration-1/AD-R1/suggestions/99999999999999999999999/","/processes/open-garden/iteration-1/AD-R1/revisions/99999999999999999999999/", "/processes/open-garden/iteration-1/drafts/A%00D/"):
        r = client.get(a)
        if r.status_code >= 500: bad.append(a)
    data = {n: v for n, v in {"version":"9"*30,"passage":BAD,"base":"9"*25,"revision":"9"*30,"quote":BAD,"text":BAD,"words":BAD,"reason":"x","place":"p:"+BAD,"edge":"9"*30,"number":"9"*30,"on":"9"*30,"chosen":"9"*30,"decision":"some","seen":"9"*30,"who":BAD,"draft":BAD,"state":"accepted","kind":"object","lang":BAD,"title":BAD,"following":"9"*30,"list_page":"9"*30,"said_by":"9"*30,"group":BAD,"sources":BAD,"source":BAD,"target":BAD,"earlier":BAD,"later":BAD,"budget":"9"*30,"page":BAD,"step":"save","template":BAD,"code":BAD,"name":BAD}.items()}
    good = {**data, "words":"w","text":"w","quote":"","lang":"en","version":"1","passage":"abc","title":"t"}
    for address in sorted(set(addresses(1))):
        for d in (data, good):
            r = client.post(address, d)
            if r.status_code >= 500: bad.append((address, "post"))
    assert not bad, "\n".join(map(str,bad))
