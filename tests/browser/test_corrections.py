"""An editor corrects the register in a browser, and what axe says of the pages."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from selenium.webdriver.support.ui import Select

from assistant.settings import Settings
from assistant.web.texts.corrections import CORRECTION_TEXTS
from assistant.web.texts.partners import PARTNER_TEXTS
from tests.browser.axe import violations
from tests.browser.conftest import Page, served
from tests.browser.readers import prefers
from tests.library import Desk, fill, opened
from tests.partnerships import DOCUMENTS

WORDS, PARTNERS = CORRECTION_TEXTS["de"], PARTNER_TEXTS["de"]
CLINIC = "Klinikum Okertal"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = fill(tmp_path_factory.mktemp("seeds"), DOCUMENTS)
    with opened(tmp_path_factory.mktemp("data"), folder) as found:
        yield found


@pytest.fixture
def page(tab: Page, desk: Desk) -> Iterator[Page]:
    settings = Settings(editors="loopback")
    with served(desk.assistant, settings, register=desk.index.register) as address:
        yield replace(tab, address=address)


def is_accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        prefers(page.driver, prefers_color_scheme=scheme)
        assert violations(page.driver) == []


def send(page: Page, what: str) -> None:
    """Press the button of the form that decides something."""
    page.click(f"form:has(input[value='{what}']) button")


def test_an_editor_corrects_a_row_and_an_organisation_and_takes_it_back(page: Page) -> None:
    page.complaints()
    page.hosts()
    page.driver.get(f"{page.address}partners?org=lorval&lang=de")
    page.click("a.correct")
    page.wait_for_text("h1", WORDS.correct)
    is_accessible(page)
    Select(page.find("form:has(input[value='status']) select")[0]).select_by_value("planned")
    send(page, "status")
    page.wait_for_text("[role=status]", WORDS.done)
    is_accessible(page)
    page.driver.get(f"{page.address}partners?org=lorval&lang=de")
    assert WORDS.by_hand in page.text("table")
    assert PARTNERS.statuses["planned"] in page.text("table")

    page.driver.get(f"{page.address}partners/hochschule-bodewald?lang=de")
    page.click(".ask a[href*='corrections']")
    page.wait_for("input[name=other]").send_keys("Nirgendwo")
    send(page, "merge")
    page.wait_for_text("[role=alert]", WORDS.wrong_name.format(name="Nirgendwo"))
    is_accessible(page)
    page.wait_for("input[name=other]").send_keys(CLINIC)
    send(page, "merge")
    page.wait_for_text("[role=status]", WORDS.done)
    page.driver.get(f"{page.address}partners/hochschule-bodewald?lang=de")
    assert CLINIC in page.text(".facts")

    page.driver.get(f"{page.address}corrections?lang=de")
    page.click(".decisions form button")  # the newest decision stands first
    page.wait_for(".decisions .undone")
    page.driver.get(f"{page.address}partners/hochschule-bodewald?lang=de")
    assert CLINIC not in page.text(".facts")
    assert page.hosts() == {"127.0.0.1"}
    assert [each for each in page.complaints() if "422" not in each] == []
