// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import SiteModel
internal import OCI
internal import Store
internal import Streams

extension InputReader {
    /// Reads the inputs of a run, each to its end.
    ///
    /// `-` is standard input. If an input lacks content of an image, and another input or the store
    /// has the content, regstatic reads the input once more with this content.
    ///
    /// Afterwards, the store has either all blobs of an image or none of them.
    ///
    /// - Returns: an outcome for each input; if the store can't be written, none for the inputs after
    ///   that.
    package func read(
        _ inputs: [String],
        reporting: (String) -> Void = { _ in }
    ) -> [Outcome] {
        var run = InputRun(self, inputs, SharedContent(store, layersOfSite: layersOfSite))
        return run.read(reporting: reporting)
    }

    /// Reads a run with one input.
    package func read(_ input: String) -> Outcome { read([input])[0] }
}

/// The state of reading the inputs of a run: first all of them, then again the inputs that other
/// inputs or the store can complete.
private struct InputRun {
    private let reader: InputReader
    private let inputs: [String]
    private let shared: SharedContent
    private var outcomes: [InputReader.Outcome] = []
    /// The inputs that can be opened again.
    private var lasting: Set<Int> = []
    /// The inputs that lack content of an image.
    private var incomplete: Set<Int> = []

    init(_ reader: InputReader, _ inputs: [String], _ shared: SharedContent) {
        (self.reader, self.inputs, self.shared) = (reader, inputs, shared)
    }

    mutating func read(reporting: (String) -> Void) -> [InputReader.Outcome] {
        for number in inputs.indices {
            reporting(inputs[number])
            outcomes.append(readOnce(number))
            if outcomes[number].hasStoreFault {
                clearStaging()
                return outcomes
            }
            clearStaging(except: shared.keptFiles)
        }
        if !incomplete.isEmpty { complete(reporting: reporting) }
        if !shared.keptFiles.isEmpty || !incomplete.isEmpty { clearStaging() }
        for number in outcomes.indices { outcomes[number].dropUnreadParts(number, in: inputs) }
        InputReader.Outcome.joinParts(&outcomes, of: inputs)
        let tags = Set(outcomes.flatMap(\.images).flatMap(\.names).map(\.label))
        for number in outcomes.indices { outcomes[number].dropTags(servedBy: tags) }
        return outcomes
    }

    private mutating func readOnce(_ number: Int) -> InputReader.Outcome {
        let input = inputs[number]
        let opened: OpenedInput
        do throws(SourceFault) { opened = try reader.open(input) } catch {
            return InputReader.Outcome(refusing: input, error)
        }
        let outcome = reader.read(opened, of: input, number: number, sharing: shared)
        if outcome.mayBeCompleted(reader.selection), shared.isIncomplete(number) {
            incomplete.insert(number)
        }
        if !opened.isSpooled {
            lasting.insert(number)
        } else if inputs.count > 1 || incomplete.contains(number) {
            shared.keep(opened, of: number, isIncomplete: incomplete.contains(number))
        }
        return outcome
    }

    /// Reads the incomplete inputs again, with the content of all inputs.
    private mutating func complete(reporting: (String) -> Void) {
        for number in inputs.indices {
            if let opened = open(number) { shared.add(opened.sources, of: number) }
        }
        let (reader, inputs, lasting) = (reader, inputs, lasting)
        shared.open { number in
            lasting.contains(number) ? try? reader.open(inputs[number]).sources : nil
        }
        for number in incomplete.sorted() where shared.canComplete(number) {
            // The damage of a layer shows only after its damaged manifest was replaced, so read the
            // input again while more damaged members can be replaced.
            var replaceable = -1
            while shared.replaceableCount(number) > replaceable, let opened = open(number) {
                replaceable = shared.replaceableCount(number)
                reporting(inputs[number])
                outcomes[number] = reader.read(
                    opened,
                    of: inputs[number],
                    number: number,
                    sharing: shared
                )
                if outcomes[number].hasStoreFault { return }
            }
        }
        for number in inputs.indices where shared.isLender(number) {
            outcomes[number].dropFaultsOfPart()
        }
    }

    /// The content of an input; nil if the input can't be read again.
    private func open(_ number: Int) -> OpenedInput? {
        if let kept = shared.kept(number) { return kept }
        return lasting.contains(number) ? try? reader.open(inputs[number]) : nil
    }

    /// Removes temporary files of the last outcome.
    ///
    /// The next run would also remove these files, but the next input of this run may need the disk
    /// space.
    private mutating func clearStaging(except kept: Set<StagedBlob> = []) {
        let last = outcomes.count - 1
        do throws(FileError) { try reader.store.clearStaging(except: kept) } catch {
            let fault = SourceFault.store(error)
            let error = SourceError(input: inputs[last], image: nil, fault: fault)
            outcomes[last].errors.append(error)
        }
    }
}

extension InputReader.Outcome {
    fileprivate init(refusing input: String, _ fault: SourceFault) {
        errors = [SourceError(input: input, image: nil, fault: fault)]
    }

    /// Drops the faults of unread parts, and the skipped files, that are inputs of the run themselves.
    fileprivate mutating func dropUnreadParts(_ number: Int, in inputs: [String]) {
        skipped.dropFiles(among: inputs, in: inputs[number])
        errors = errors.compactMap { error in
            guard case .unread(let part, let isFolder) = error.fault, isFolder else { return error }
            return part.besides(inputs, in: error.input)
                .map { part in
                    SourceError(
                        input: error.input,
                        image: error.image,
                        fault: .unread(part, isFolder: isFolder)
                    )
                }
        }
    }

    fileprivate var hasStoreFault: Bool {
        errors.contains { if case .store = $0.fault { true } else { false } }
    }

    /// Whether content from other inputs or the site could change the outcome.
    fileprivate func mayBeCompleted(_ selection: Selection) -> Bool {
        !errors.isEmpty || selection.gaps == .prune
    }

    /// Drops the faults about tags without a digest if another part of the registry's data has
    /// these tags with a digest.
    fileprivate mutating func dropTags(servedBy others: Set<String>) {
        errors.removeAll { error in
            if case .lostTag(let tag) = error.fault { others.contains(tag) } else { false }
        }
    }

    /// Drops the fault that an input has no images, if the input only completes other inputs.
    fileprivate mutating func dropFaultsOfPart() {
        guard images.isEmpty else { return }
        errors.removeAll(where: \.fault.isAboutPart)
    }
}

extension SourceFault {
    /// Whether the fault only means that the input has no images of its own.
    fileprivate var isAboutPart: Bool {
        switch self {
        case .noImages, .notALayout, .nothingServed, .foreign(.layoutWithoutIndex): true
        default: false
        }
    }
}
