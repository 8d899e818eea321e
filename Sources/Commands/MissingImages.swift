// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import SiteModel

/// The images that lists and manifests name, and how to get those that clients can't pull from a site.
struct MissingImages {
    private let site: String
    private let files: [String]
    private let images: [NeededImage]
    private let unread: [(file: String, line: ImageList.Unread)]

    /// Reads the files.
    ///
    /// - Throws: `FileError`; `MissingImagesError` if a file names no image.
    init(_ files: [String], in contents: SiteContents, of site: String) throws {
        (self.site, self.files) = (site, files)
        var seen: Set<NeededImage> = []
        var images: [NeededImage] = []
        var unread: [(String, ImageList.Unread)] = []
        for file in files {
            let list = ImageList(try TextInput.read(file))
            guard !list.images.isEmpty || !list.unread.isEmpty else {
                throw MissingImagesError.noNames(file)
            }
            unread += list.unread.map { (file, $0) }
            images += list.images.map { NeededImage($0, in: contents) }
                .filter { seen.insert($0).inserted }
        }
        (self.images, self.unread) = (images, unread)
    }

    private var missing: [NeededImage] { images.filter { $0.verdict != .served } }

    /// Whether clients can pull all images, and each line was understood.
    var isComplete: Bool { missing.isEmpty && unread.isEmpty }

    func print(_ console: Console) {
        let rows = missing.map { [$0.reference.description, $0.reason] }
        for line in HumanText.table(rows) { console.out(HumanText.printable(line)) }
        for (file, line) in unread {
            let text = "warning: \(file):\(line.line): no image name: \(line.text)"
            console.warn(console.styled(HumanText.printable(text), .yellow))
        }
        if !unread.isEmpty {
            console.warn(
                "Variables must have their values: use the output of `helm template`, `kustomize build` or"
                    + " `docker compose config`."
            )
        }
        let count = HumanText.count(images.count, "image")
        guard !missing.isEmpty else { return console.say("\(site) has all of \(count)") }
        console.say("\(missing.count) of \(count) can't be pulled from \(site)")
        for line in remedy { console.say(HumanText.printable(line)) }
    }

    /// The commands that get the images where there is internet access.
    private var remedy: [String] {
        let absent = missing.filter(\.isToFetch).map(\.reference)
        guard !absent.isEmpty else { return [] }
        let tagged = absent.filter { $0.digest == nil }.map(\.description)
        let digests = absent.filter { $0.digest != nil }
        var lines = ["Where there is internet access, get them, and add them to the site:"]
        lines += tagged.map { "  docker pull \($0)" }
        if !tagged.isEmpty {
            lines.append("  docker save -o missing.tar \(ShellWord.list(tagged))")
        }
        // Only tools that copy the registry's own manifests keep digests.
        lines += digests.map { reference in
            let name = "\(reference.host)/\(reference.repository)"
            let digest = reference.digest.map { "@\($0)" } ?? ""
            let tag = reference.tag.map { ":\($0)" } ?? digest
            return "  skopeo copy --all docker://\(name)\(digest) oci:missing:\(name)\(tag)"
        }
        let inputs = (tagged.isEmpty ? [] : ["missing.tar"]) + (digests.isEmpty ? [] : ["missing"])
        return lines + ["  regstatic build \(ShellWord.list(inputs)) -o \(ShellWord.quoted(site))"]
    }

    var json: JSON {
        .object([
            "complete": .bool(isComplete),
            "images": .array(
                images.map { image in
                    .object([
                        "image": .string(image.reference.description),
                        "verdict": .string(image.word), "reason": .string(image.reason),
                    ])
                }
            ),
            "unread": .array(
                unread.map { file, line in
                    .object([
                        "file": .string(file), "line": .integer(line.line),
                        "text": .string(line.text),
                    ])
                }
            ),
        ])
    }
}

extension NeededImage {
    /// Whether the image must be fetched; otherwise, the site has it, but not for this name.
    fileprivate var isToFetch: Bool {
        switch verdict {
        case .otherVersions, .absent: true
        case .served, .elsewhere: false
        }
    }

    fileprivate var reason: String {
        switch verdict {
        case .served: "served"
        case .elsewhere(let name):
            "the site has \(name), but isn't a mirror of \(reference.host); name it with the site's address, or build"
                + " it from an archive that names \(reference.host)"
        case .otherVersions(let repository, let tags) where tags.isEmpty:
            "the site has \(repository) only by other digests"
        case .otherVersions(let repository, let tags):
            "the site has only \(repository):\(tags.prefix(3).map(\.description).joined(separator: ", "))"
                + (tags.count > 3 ? " and \(tags.count - 3) more tags" : "")
        case .absent: "not in the site"
        }
    }

    /// The verdict in JSON.
    fileprivate var word: String {
        switch verdict {
        case .served: "served"
        case .elsewhere: "elsewhere"
        case .otherVersions: "otherVersions"
        case .absent: "absent"
        }
    }
}
