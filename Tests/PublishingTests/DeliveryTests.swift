// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

import OCI
import Publishing
import SiteTestSupport
import TestSupport
import Testing

/// From what is there to what has to be there.
@Suite struct DeliveryTests {
    private let publication: Publication

    init() throws { publication = try Samples.publication(try Samples.site(), as: .objects) }

    private func delivery(
        _ publication: Publication? = nil,
        to remote: RemoteTraits = Samples.bucket,
        holding objects: [Publication.Object] = [],
        resending: Bool = false
    ) -> Delivery {
        Delivery(
            of: publication ?? self.publication,
            to: remote,
            holding: Samples.inventory(objects),
            resending: resending
        )
    }

    @Test func anEmptyRemoteGetsEverythingInOrder() {
        let delivery = delivery()
        let phases = delivery.steps.compactMap { step -> Int? in
            if case .send(let batch) = step { batch.phase.rawValue } else { nil }
        }
        #expect(phases == phases.sorted())
        #expect(Set(phases) == [0, 1, 2, 3])
        #expect(delivery.sentKeys.sorted() == publication.objects.map(\.key).sorted())
        #expect(delivery.sent.objects == publication.objects.count)
        #expect(delivery.present.objects == 0)
    }

    @Test func allOfABatchIsLabelledAlike() {
        for case .send(let batch) in delivery().steps {
            #expect(batch.objects.allSatisfy { $0.label == batch.label })
            #expect(batch.objects.allSatisfy { $0.phase == batch.phase })
        }
    }

    @Test func aWholeRemoteGetsNothing() {
        let delivery = delivery(holding: publication.objects)
        #expect(delivery.steps.isEmpty)
        #expect(delivery.present.objects == publication.objects.count)
    }

    @Test(arguments: Publication.Phase.allCases.filter { $0 != .pages })
    func whatIsMissingIsSent(_ phase: Publication.Phase) throws {
        let missing = try #require(publication.objects.last { $0.phase == phase })
        let rest = publication.objects.filter { $0.key != missing.key }
        #expect(delivery(holding: rest).sentKeys == [missing.key])
    }

    /// Of another size, or under a tag with the same size and other bytes.
    @Test func whatDiffersIsSent() throws {
        let tag = try #require(publication.objects.first { $0.phase == .tags })
        let blob = try #require(publication.objects.first)
        var lines = #"{"Path":"\#(tag.key)","Size":\#(tag.size),"Hashes":{"md5":"00"}},"#
        lines += "\n" + #"{"Path":"\#(blob.key)","Size":\#(blob.size - 1)}"#
        var inventory = Samples.inventory(publication.objects)
        inventory.add(listing: Array(lines.utf8))
        let delivery = Delivery(of: publication, to: Samples.bucket, holding: inventory)
        #expect(delivery.sentKeys == [blob.key, tag.key])
    }

    /// Without a hash nobody knows whether a tag moved: it is small.
    @Test func withoutHashesWhatMayChangeIsSent() {
        let inventory = Samples.inventory(publication.objects, hash: nil)
        let delivery = Delivery(of: publication, to: Samples.bucket, holding: inventory)
        let changing = publication.objects.filter { !$0.label.isNamedByContent }
        #expect(delivery.sentKeys.sorted() == changing.map(\.key).sorted())
    }

    @Test func everythingIsSentAgainOnDemand() {
        let delivery = delivery(holding: publication.objects, resending: true)
        #expect(delivery.sent.objects == publication.objects.count)
    }

    @Test func theRootIsSentAsItsOwnStepOrNotAtAll() {
        let roots = delivery().steps.filter { if case .sendRoot = $0 { true } else { false } }
        #expect(roots.count == 1)
        let azure = RemoteTraits(form: .objects, copies: true, hash: .md5)
        #expect(!delivery(to: azure).sentKeys.contains("v2/"))
        #expect(delivery(to: azure).sent.objects == publication.objects.count - 1)
    }

    // MARK: Shared blobs

    /// An image of more than the least size worth a copy, as a mirror of Docker Hub has it: twice.
    private static func shared() throws -> Publication {
        let layer = TarBuilder.tar([.file("noise", Generator.noise(Delivery.leastCopy + 1))])
        let site = try BuiltSite()
        let image = SyntheticImage(layers: [layer])
        try site.build([try site.archive("a.tar", image.dockerArchive(["nginx:1"]))])
        return try Samples.publication(site, as: .objects)
    }

    @Test func whatRepositoriesShareIsSentOnce() throws {
        let publication = try Self.shared()
        let delivery = delivery(publication)
        let copies = delivery.steps.compactMap { step in
            if case .copy(let copy) = step { copy } else { nil }
        }
        let copy = try #require(copies.first)
        #expect(copies.count == 1)
        #expect(copy.names.count == 1)
        #expect(Set([copy.source, copy.target]) == ["v2/library/nginx/blobs", "v2/nginx/blobs"])
        #expect(delivery.sentKeys.contains("\(copy.source)/\(copy.names[0])"))
        #expect(!delivery.sentKeys.contains("\(copy.target)/\(copy.names[0])"))
        #expect(delivery.copied.objects == 1)
        // After the blobs, before what refers to them.
        let kinds = delivery.steps.prefix(3)
            .map { step in
                switch step {
                case .send(let batch): "\(batch.phase)"
                default: "other"
                }
            }
        #expect(kinds == ["blobs", "other", "manifests"])
    }

    @Test func whatAnotherRepositoryHasIsCopied() throws {
        let publication = try Self.shared()
        let there = publication.objects.filter { $0.key.hasPrefix("v2/nginx/blobs/") }
        let delivery = delivery(publication, holding: there)
        #expect(delivery.copied.objects == 1)
        #expect(delivery.sent.bytes < Delivery.leastCopy)
    }

    @Test func whereNothingIsCopiedItIsSentTwice() throws {
        let publication = try Self.shared()
        let remote = RemoteTraits(form: .objects, holdsRootKey: true, hash: .md5)
        let delivery = delivery(publication, to: remote)
        #expect(delivery.copied.objects == 0)
        #expect(delivery.repeated > Delivery.leastCopy)
        #expect(delivery.sent.objects == publication.objects.count)
    }

    // MARK: Files

    @Test func aTagsOtherKindIsRemovedAfterTheTag() throws {
        let publication = try Samples.publication(try Samples.site(), as: .files)
        let stale = try #require(publication.stale.first)
        var inventory = Inventory(hash: nil)
        inventory.add(listing: Array(#"{"Path":"\#(stale)","Size":1}"#.utf8))
        let remote = RemoteTraits(form: .files)
        let delivery = Delivery(of: publication, to: remote, holding: inventory)
        let removals = delivery.steps.indices.filter {
            if case .remove(let keys) = delivery.steps[$0] { keys == [stale] } else { false }
        }
        let tags = delivery.steps.lastIndex { step in
            if case .send(let batch) = step { batch.phase == .tags } else { false }
        }
        #expect(removals == [try #require(tags) + 1])
        #expect(delivery.removed.objects == 1)
    }
}

extension Delivery {
    /// What goes over the line, in its order.
    var sentKeys: [String] {
        steps.flatMap { step -> [String] in
            switch step {
            case .send(let batch): batch.objects.map(\.key)
            case .sendRoot(let object): [object.key]
            case .copy, .remove: []
            }
        }
    }
}
