#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""Opens a site's pages in Chromium and uses them: prints what is wrong, and nothing if all is right.

    check.py URL --folder FOLDER [--screenshots]

FOLDER is for the browser's own files, and for pictures at three widths, light and dark.
"""

import argparse
import os
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

WIDTHS = (320, 800, 1600)


def browser(folder):
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--user-data-dir=" + os.path.join(folder, "profile"),
                     # Whatever a page asked for elsewhere would be an error that the log has.
                     "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    os.environ["HOME"] = folder
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


class Checks:
    def __init__(self, driver, options):
        self.driver, self.options, self.wrong = driver, options, 0

    def check(self, name, good, found=""):
        if not good:
            self.wrong += 1
            print("WRONG %s: %s: %r" % (self.driver.current_url, name, found))

    def open(self, url):
        self.driver.get(url)
        log = self.driver.get_log("browser")
        self.check("the console is silent", not log, log)
        # An image's script would say so.
        self.check("nothing ran that a page didn't bring", self.run("return window.ran === undefined"))
        self.check("one script", self.run("return document.scripts.length") == 1)
        self.check("styled", self.run("return getComputedStyle(document.body).maxWidth") != "none")
        self.check("an own policy", self.run("""
            const probe = document.createElement('script');
            probe.textContent = 'window.inline = 1';
            document.head.append(probe);
            probe.remove();
            return window.inline === undefined;"""))
        self.driver.get_log("browser")  # The policy's own complaint of that.

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def visible_rows(self):
        return self.run("return [...document.querySelectorAll('#list tbody tr')].filter(r => r.offsetHeight)"
                        ".map(r => r.cells[0].textContent)")

    def search(self):
        everything = self.visible_rows()
        field = self.driver.find_element(By.ID, "search")
        field.send_keys(everything[0])
        self.check("search finds a name", everything[0] in self.visible_rows(), self.visible_rows())
        field.clear()
        field.send_keys("no-such-image")
        self.check("search finds nothing else", self.visible_rows() == [], self.visible_rows())
        found = self.driver.find_element(By.ID, "found").text
        self.check("search says how many", found == "0 of %d" % len(everything), found)
        self.run("arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))", field)
        self.check("all come back", self.visible_rows() == everything)

    def sort(self):
        button = self.driver.find_element(By.CSS_SELECTOR, "#list thead th button")
        button.click()
        once = self.visible_rows()
        button.click()
        self.check("sorting turns round", self.visible_rows() == once[::-1], once)
        head = self.driver.find_element(By.CSS_SELECTOR, "#list thead th")
        self.check("sorting is said", head.get_attribute("aria-sort") == "descending")
        button.click()

    def copy(self):
        """What a button copies can be pasted: into a field, as a user would."""
        code = self.driver.find_element(By.CSS_SELECTOR, "code[data-copy]")
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
        button = code.find_element(By.XPATH, "following-sibling::button")
        button.click()
        time.sleep(0.2)
        self.check("copying is said", button.text == "Copied", button.text)
        copied = self.driver.execute_async_script("""
            const done = arguments[0];
            navigator.clipboard.readText().then(done, error => done(String(error)));""")
        self.check("a command is copied", copied == code.text, (copied, code.text))
        return copied

    def looks(self, name):
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                wide = self.run("return document.documentElement.scrollWidth")
                self.check("nothing is wider than %d" % width, wide <= width, wide)
                weak = self.run(CONTRAST)
                self.check("contrast, %s" % scheme, not weak, weak)
                if self.options.screenshots:
                    file = "%s-%d-%s.png" % (name, width, scheme)
                    self.driver.save_screenshot(os.path.join(self.options.folder, file))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def accessible(self):
        lacking = self.run("""
            return [...document.querySelectorAll('button, input, a, summary')].filter(element =>
                !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
                .map(element => element.outerHTML);""")
        self.check("everything that can be used has a name", not lacking, lacking)
        levels = self.run("return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
        steps = [b - a for a, b in zip(levels, levels[1:])]
        self.check("headings", levels[0] == 1 and levels.count(1) == 1 and max(steps, default=0) <= 1, levels)
        self.check("landmarks", self.run(
            "return document.querySelectorAll('body > header, body > main, body > footer').length") == 3)


# WCAG 2.1, 1.4.3: 4.5 to 1 for text, against the first background behind it.
CONTRAST = """
const numbers = text => text.match(/[0-9.]+/g).map(Number);
const light = c => { const v = c.slice(0, 3).map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const weak = [];
for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    let behind = element, back;
    while (behind && (back = numbers(getComputedStyle(behind).backgroundColor), back[3] === 0)) behind = behind.parentElement;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(back)];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push([element.tagName, element.className, ratio.toFixed(2)]);
}
return weak.slice(0, 5);
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url", help="of the front page")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--screenshots", action="store_true")
    options = parser.parse_args()
    driver = browser(options.folder)
    try:
        driver.set_page_load_timeout(20)
        checks = Checks(driver, options)
        checks.open(options.url)
        checks.accessible()
        checks.search()
        checks.sort()
        copied = checks.copy()
        if options.url.startswith("http"):
            checks.check("the command names this host", options.url.split("/")[2] in copied, copied)
        shown = checks.run("return document.querySelector('[data-medium]').checkVisibility()")
        checks.check("programs are only for people with the medium", shown == options.url.startswith("file:"), shown)
        checks.looks("front")
        links = driver.find_elements(By.CSS_SELECTOR, "#list tbody th a")
        for number, link in enumerate([link.get_attribute("href") for link in links]):
            checks.open(link)
            checks.run("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            checks.accessible()
            checks.looks("repository-%d" % number)
        checks.copy()
        sys.exit(checks.wrong > 0)
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
