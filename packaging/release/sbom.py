#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the regstatic authors
"""sbom.py PROGRAM VERSION DATE: prints what is in the static program, as SPDX 2.3 in JSON.

Standard input has the libraries in the program, as `regstatic --version --verbose` prints them: NAME VERSION.
<https://spdx.github.io/spdx-spec/v2.3/>
"""
import hashlib
import json
import sys

# The licences of what is linked, not of all files of the source package.
LICENCES = {
    "glibc": "LGPL-2.1-or-later",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libarchive": "BSD-2-Clause",
    "bzip2": "bzip2-1.0.6",
    "c-ares": "MIT",
    "lz4": "BSD-2-Clause",
    "xz-utils": "LicenseRef-xz-public-domain",
    "openssl": "Apache-2.0",
    "libzstd": "BSD-3-Clause",
    "zlib": "Zlib",
    "curl": "curl",
    "libisal": "BSD-3-Clause",
    "swift": "Apache-2.0 WITH Swift-exception",
    "swift-argument-parser": "Apache-2.0 WITH Swift-exception",
}


def package(name, version):
    """A package of the list; fails if its licence isn't known here."""
    key = "gcc" if name.startswith("gcc-") else name
    known = {
        "SPDXID": f"SPDXRef-{name}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": LICENCES[key],
        "licenseDeclared": LICENCES[key],
        "copyrightText": "NOASSERTION",
    }
    if not key.startswith("swift"):
        known["supplier"] = "Organization: Debian"
        known["externalRefs"] = [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{version.replace(':', '%3A')}?arch=source",
        }]
    return known


def main():
    program, version, date = sys.argv[1:]
    with open(program, "rb") as file:
        content = file.read()
    sums = {name: hashlib.new(name, content).hexdigest() for name in ("sha1", "sha256")}
    parts = [package(*line.split()) for line in sys.stdin]
    checksums = [{"algorithm": name.upper(), "checksumValue": value} for name, value in sums.items()]
    own = {
        "SPDXID": "SPDXRef-regstatic",
        "name": "regstatic",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": checksums,
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "Copyright the regstatic authors",
        "primaryPackagePurpose": "APPLICATION",
    }
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"regstatic-{version}",
        "documentNamespace": f"urn:sha256:{sums['sha256']}",
        "creationInfo": {"created": date, "creators": ["Organization: The regstatic authors"]},
        "documentDescribes": [own["SPDXID"]],
        "packages": [own] + parts,
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]}
        ] + [
            {"spdxElementId": own["SPDXID"], "relationshipType": "STATIC_LINK", "relatedSpdxElement": part["SPDXID"]}
            for part in parts
        ],
        "hasExtractedLicensingInfos": [{
            "licenseId": "LicenseRef-xz-public-domain",
            "name": "Public domain",
            "extractedText": "liblzma is in the public domain.",
        }],
    }
    json.dump(document, sys.stdout, indent=2)
    print()


main()
