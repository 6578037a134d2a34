"""One headless Chromium for all browser tests, and a page opened in it as a reader would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from advisor.decision import recommend
from advisor.decision.answers import Answer
from advisor.decision.recommendation import Recommendation
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules
from advisor.report.html import to_html
from advisor.report.options import ReportOptions

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
OPTIONS = ReportOptions(project="Parcels", author="Ada Lovelace", status="proposed", date="2026-11-22")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser tests on one worker, so that one browser serves them all."""
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser without a screen; the tests skip where Debian's chromium and chromium-driver are not installed."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()


class Page:
    """A report in the browser."""

    def __init__(self, browser: Chrome, folder: Path) -> None:
        self.browser = browser
        self.file = folder / "report.html"

    def open(
        self, text: str, *, width: int = 1280, dark: bool = False, scripts: bool = True, media: str = "", link: str = ""
    ) -> None:
        """Show a page at a width, in a colour scheme, on screen or paper, with or without scripts."""
        command = self.browser.execute_cdp_cmd
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        command("Emulation.setDeviceMetricsOverride", size)
        command("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
        command("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self.file.write_text(text, encoding="utf-8")
        self.browser.get("about:blank")
        self.complaints()
        self.requests()
        self.browser.get(self.file.as_uri() + link)

    def run(self, code: str, *arguments: object) -> Any:
        """Run a function body in the page and return its result."""
        return self.browser.execute_script(code, *arguments)

    def text(self, selector: str) -> str:
        """What a reader sees of the first element that fits."""
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def choose(self, need: str, choice: str | None) -> None:
        """Click an answer as a reader would; None is "don't know"."""
        self.run(
            """
            const { needs } = whatIf.data;
            const need = needs.findIndex(({ id }) => id === arguments[0]);
            const place = needs[need].choices.findIndex(({ id }) => id === arguments[1]);
            const value = arguments[1] === null ? 0 : 2 ** place;
            document.querySelector(`input[name="need-${need}"][value="${value}"]`).click();
            """,
            need,
            choice,
        )

    def complaints(self) -> list[str]:
        """Everything that the console said since it was last asked."""
        return [entry["message"] for entry in self.browser.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """Every address that was asked for since it was last asked."""
        entries = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]  # type: ignore[no-untyped-call]
        sent = [
            entry["params"]["request"]["url"] for entry in entries if entry["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in sent if url != "about:blank"]


@pytest.fixture
def page(chromium: Chrome, tmp_path: Path) -> Iterator[Page]:
    yield Page(chromium, tmp_path)
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.fixture(scope="session")
def shipped() -> Rules:
    return load_rules()


@pytest.fixture(scope="session")
def advice(shipped: Rules) -> Recommendation:
    """Advice with everything in it: a don't-know set, evidence from code, something given up."""
    return recommend(
        shipped,
        {
            "async": Answer(("must",), "flag"),
            "docs": Answer(("must",), "scan", ("app/api.py:12 FastAPI()",)),
            "scale": Answer(("medium", "large"), "file"),
            "validation": Answer(("must",), "set"),
            "accounts": Answer(("nice",), "prompt"),
        },
    )


@pytest.fixture(scope="session")
def report(advice: Recommendation) -> str:
    return to_html(advice, OPTIONS)
