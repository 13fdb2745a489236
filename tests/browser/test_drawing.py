"""The console's drawing tool in a real browser, under the pages' own strict policy."""

import contextlib
import gzip
import hashlib
import json
import re

import pytest

from kit.pages import SOFTWARE_GL, STATIC, WATCH, bench
from tocsin.bootstrap import open_profile, profile_folder
from tocsin.formats.profile.geometry import FILE, read_geometry
from tocsin.settings import Profile as ProfileSetting
from tocsin.web.api import outlines

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

LABELS = {
    "tools": "Drawing tools", "polygon": "Area", "circle": "Circle", "select": "Change",
    "remove": "Remove", "clear": "Remove all", "zoomIn": "Closer", "zoomOut": "Wider",
    "map": "Map to draw on", "drawn": "Drawn", "shape": "{kind} {n}: {size}", "radius": "{km} km",
    "corners": "{n} corners", "removeOne": "Remove {name}",
    "hintPolygon": "Press for each corner.", "hintCircle": "Press the middle, then the edge.",
    "hintSelect": "Press a shape to change it.", "crossing": "The lines cross.", "lang": "en",
}  # fmt: skip
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Draw</title>
<link rel="icon" href="/static/b/icon-quiet.svg">
<link rel="stylesheet" href="/static/b/tokens.css">
<link rel="stylesheet" href="/page.css"><script type="module" src="/page.js"></script></head>
<body><main><h1>Draw</h1><button id="open">Draw</button><div id="host"></div></main></body>
</html>"""
SCRIPT = (
    WATCH
    + "const labels = "
    + json.dumps(LABELS)
    + """;
self.told = [];
document.getElementById('open').onclick = async () => {
  const { openDrawing } = await import('/static/b/console/draw.js');
  const host = document.getElementById('host');
  try {
    self.tool = await openDrawing({ host, labels, geojsonUrl: self.address ?? '/outlines',
      shapes: self.given, onChange: (shapes) => told.push(shapes) });
  } catch (problem) {
    self.failed = [problem.reason, host.childElementCount, String(problem.cause ?? problem)];
  }
  document.title = 'Open';
};
"""
)


@pytest.fixture(scope="module")
def made():
    """The real outlines: a second's work, once for all tests here."""
    setting = ProfileSetting(id="ua")
    data = (profile_folder(setting) / FILE).read_bytes()
    tree = open_profile(setting).world.tree
    return outlines.make(tree, read_geometry(data), "© Somebody")


@contextlib.asynccontextmanager
async def drawing_page(made, **more):
    """A page with a Draw button, and the addresses that were asked for."""
    bodies = {
        "/": (PAGE, "text/html"),
        "/page.css": ("#host { width: 800px; height: 560px; }", "text/css"),
        "/page.js": (SCRIPT, "text/javascript"),
        "/outlines": (gzip.decompress(made.packed), outlines.GEOJSON),
        "/broken": 503,
    }
    async with bench(bodies, **more) as found:
        yield found


async def opened(it):
    """Press Draw, wait for the map, and return its box on the page."""
    page = it.page
    await page.click("#open")
    await it.until("document.title === 'Open'")
    assert await page.evaluate("self.failed ?? null") is None
    return await page.locator(".draw-map").bounding_box()


async def press(page, box, *places):
    """Press on the map at shares of its width and height, as a hand does: move, then press."""
    for x, y in places:
        await page.mouse.move(box["x"] + x * box["width"] - 4, box["y"] + y * box["height"])
        await page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        await page.mouse.down()
        await page.mouse.up()


async def drag(page, box, start, end):
    """Drag from one place on the map to another, in steps as a hand does."""
    (ax, ay), (bx, by) = start, end
    await page.mouse.move(box["x"] + ax * box["width"], box["y"] + ay * box["height"])
    await page.mouse.down()
    for step in range(1, 11):
        x, y = ax + (bx - ax) * step / 10, ay + (by - ay) * step / 10
        await page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    await page.mouse.up()


SQUARE = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4))

NOTHING = {"polygons": [], "circles": []}
GIVEN = {
    "polygons": [[[30.0, 50.0], [31.0, 50.0], [31.0, 49.0], [30.0, 49.0], [30.0, 50.0]]],
    "circles": [{"center": [33.0, 49.0], "radius_m": 30_000}],
}


async def shade(page):
    """Return how light the map is by its picture: the mean of all its bytes' brightness."""
    picture = await page.locator(".draw-map").screenshot()
    return await page.evaluate(
        """async (bytes) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const sheet = canvas.getContext('2d');
          sheet.drawImage(image, 0, 0);
          const all = sheet.getImageData(0, 0, image.width, image.height).data;
          return all.reduce((sum, value, n) => sum + (n % 4 === 3 ? 0 : value), 0) / all.length;
        }""",
        list(picture),
    )


async def test_a_polygon_is_drawn_by_mouse_and_comes_back_as_a_closed_ring(made):
    async with drawing_page(made) as it:
        page, asked = it.page, it.asked
        assert not [path for path in asked if "/vendor/" in path or "/console/" in path]
        box = await opened(it)
        assert len([path for path in asked if "/vendor/" in path]) == 4
        await press(page, box, *SQUARE[:3])
        assert await page.evaluate("[told.length, tool.unfinished()]") == [0, True]
        await press(page, box, *SQUARE[3:])
        await it.until("told.length === 1")
        shapes = await page.evaluate("tool.shapes()")
        assert await page.evaluate("[told[0], tool.unfinished()]") == [shapes, False]
        [ring] = shapes["polygons"]
        assert shapes["circles"] == []
        assert len(ring) == 5
        assert ring[0] == ring[-1]
        assert all(22 < lon < 41 and 44 < lat < 53 for lon, lat in ring)
        lons, lats = sorted({lon for lon, _ in ring}), sorted({lat for _, lat in ring})
        assert lons[-1] - lons[0] > 2
        assert lats[-1] - lats[0] > 1
        await it.at_peace()


async def test_a_circle_is_drawn_moved_and_made_larger(made):
    async with drawing_page(made) as it:
        page = it.page
        box = await opened(it)
        await page.get_by_role("button", name="Circle", exact=True).click()
        await press(page, box, (0.5, 0.5), (0.6, 0.5))
        await it.until("told.length === 1")
        [drawn] = (await page.evaluate("told[0]"))["circles"]
        lon, lat = drawn["center"]
        a_tenth = await page.evaluate("told[0].circles[0].radius_m")
        assert 22 < lon < 41
        assert 44 < lat < 53
        assert 50_000 < a_tenth < 300_000
        assert isinstance(drawn["radius_m"], int)

        await page.get_by_role("button", name="Change", exact=True).click()
        await press(page, box, (0.5, 0.5))
        await drag(page, box, (0.5, 0.5), (0.5, 0.3))
        await it.until("told.length === 2")
        [moved] = (await page.evaluate("told[1]"))["circles"]
        assert moved["radius_m"] == drawn["radius_m"]
        assert moved["center"][0] == pytest.approx(lon, abs=0.02)
        assert moved["center"][1] > lat + 0.5

        # it is still chosen; its eastern point is a handle, and its middle stays where it is
        await drag(page, box, (0.6, 0.3), (0.7, 0.3))
        await it.until("told.length === 3")
        [larger] = (await page.evaluate("told[2]"))["circles"]
        assert larger["center"] == moved["center"]
        assert larger["radius_m"] > 1.5 * moved["radius_m"]
        await it.at_peace()


async def test_a_corner_is_moved_and_a_line_that_crosses_is_not_taken(made):
    async with drawing_page(made) as it:
        page = it.page
        box = await opened(it)
        await press(page, box, (0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.5, 0.2))
        status = page.locator(".draw-say")
        await status.get_by_text("The lines cross.").wait_for()
        await press(page, box, (0.4, 0.6), (0.4, 0.4))
        await it.until("told.length === 1")
        assert len((await page.evaluate("told[0]"))["polygons"][0]) == 5

        await page.get_by_role("button", name="Change", exact=True).click()
        await press(page, box, (0.5, 0.5))
        await drag(page, box, (0.6, 0.6), (0.7, 0.7))
        await it.until("told.length === 2")
        before, after = await page.evaluate("told.map((each) => each.polygons[0])")
        assert [a != b for a, b in zip(before, after, strict=True)] == [i == 2 for i in range(5)]
        assert after[0] == after[-1]
        await it.at_peace()


async def test_shapes_are_chosen_and_removed_by_keyboard_alone(made):
    async with drawing_page(made) as it:
        page = it.page
        await page.evaluate(f"self.given = {json.dumps(GIVEN)}")
        await opened(it)
        assert await page.evaluate("[tool.shapes(), told.length]") == [GIVEN, 0]
        first = page.get_by_role("button", name="Area 1: 4 corners", exact=True)
        await first.focus()
        assert await first.evaluate("(it) => getComputedStyle(it).outlineWidth") == "3px"
        await page.keyboard.press("Enter")
        assert await first.get_attribute("aria-pressed") == "true"
        await page.keyboard.press("Delete")
        await it.until("told.length === 1")
        assert await page.evaluate("told[0]") == {**GIVEN, "polygons": []}
        focused = "document.activeElement.textContent"
        assert await page.evaluate(focused) == "Circle 1: 30.0 km"
        await page.keyboard.press("Delete")
        await it.until("told.length === 2")
        assert await page.evaluate("[told[1], tool.shapes()]") == [NOTHING, NOTHING]
        assert await page.evaluate(focused) == "Area"
        await it.at_peace()


async def test_esc_gives_up_the_line_and_the_page_does_not_hear_of_it(made):
    async with drawing_page(made) as it:
        page = it.page
        box = await opened(it)
        await page.evaluate(
            "self.heard = 0; addEventListener('keydown', (e) => { heard += e.key === 'Escape'; })"
        )
        await press(page, box, *SQUARE[:3])
        await page.locator(".draw-map canvas").focus()
        await page.keyboard.press("Escape")
        assert await page.evaluate("[heard, tool.unfinished(), told]") == [0, False, []]
        await page.keyboard.press("Escape")
        assert await page.evaluate("[heard, tool.shapes()]") == [1, NOTHING]
        await it.at_peace()


async def test_the_map_follows_the_theme_and_goes_without_a_trace(made):
    async with drawing_page(made) as it:
        page = it.page
        await page.evaluate(f"self.given = {json.dumps(GIVEN)}")
        await opened(it)
        light = await shade(page)
        await page.emulate_media(color_scheme="dark")
        await page.locator("html").evaluate("() => new Promise(requestAnimationFrame)")
        for _ in range(100):
            if (dark := await shade(page)) < light / 2:
                break
        assert dark < light / 2
        sizes = await page.locator(".draw button").evaluate_all(
            "(all) => all.map((it) => it.getBoundingClientRect()).map((b) => [b.width, b.height])"
        )
        assert min(side for each in sizes for side in each) >= 34
        assert await page.locator(".draw-credit").inner_text() == "© Somebody"
        await page.evaluate("tool.close()")
        assert await page.evaluate("document.getElementById('host').childElementCount") == 0
        await it.at_peace()


@pytest.mark.parametrize(
    ("flags", "address", "reason"),
    [(("--disable-3d-apis",), "/outlines", "map"), (SOFTWARE_GL, "/broken", "outlines")],
)
async def test_where_there_is_no_map_the_page_is_told_why(made, flags, address, reason):
    async with drawing_page(made, flags=flags) as it:
        page = it.page
        await page.evaluate(f"self.address = '{address}'")
        await page.click("#open")
        await it.until("self.failed")
        assert (await page.evaluate("failed"))[:2] == [reason, 0]
        assert await page.evaluate("violations") == []
        assert it.visitor.foreign == []


async def test_only_our_own_scripts_may_become_workers(made):
    async with drawing_page(made) as it:
        page = it.page
        await opened(it)
        for address in ("/outlines", "data:text/javascript,1", "//elsewhere.example/static/b/a.js"):
            tried = f"() => {{ try {{ new Worker('{address}') }} catch (e) {{ return e.name }} }}"
            assert await page.evaluate(tried) == "TypeError"
        await it.at_peace()


def test_the_vendored_files_are_as_their_page_says():
    page = (STATIC / "vendor" / "VENDORED.md").read_text("utf-8")
    line = re.compile(r"^\| (\S+\.js) \|.*\| (\d+) \| (\d+) \| `(\w{64})` \|$", re.MULTILINE)
    rows = line.findall(page)
    assert {name for name, *_ in rows} == {file.name for file in (STATIC / "vendor").glob("*.js")}
    for name, size, small, digest in rows:
        body = (STATIC / "vendor" / name).read_bytes()
        assert hashlib.sha256(body).hexdigest() == digest, name
        assert (len(body), len(gzip.compress(body, 9, mtime=0))) == (int(size), int(small))
    assert sum(int(small) for _, _, small, _ in rows) < 500_000


def test_the_outlines_are_light_and_hold_every_region_of_two_depths(made):
    assert len(made.packed) < 300_000
    found = json.loads(gzip.decompress(made.packed))
    depths = [feature["properties"]["depth"] for feature in found["features"]]
    assert (depths.count(1), depths.count(2)) == (27, 146)
    assert found["attribution"] == "© Somebody"
    for feature in found["features"]:
        told = feature["properties"]
        assert set(told) == {"geocode", "names", "level", "depth", "within", "at"}
        assert feature["id"] == told["geocode"]
        for ring in (ring for part in feature["geometry"]["coordinates"] for ring in part):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
    assert made.parts is not None
    assert len(made.parts.paths) >= 146
