// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import CPatch
internal import Compression

/// Runs walks on several threads, a few of them ahead of the one that is needed next.
///
/// Jobs start in order. A file's seeds are shared by its parts, and freed after the last of them; a
/// file waits for others if its seeds don't fit into the memory for all of them.
@safe final class WalkQueue: Sendable {
    private struct State {
        /// The number of jobs that have started.
        var started = 0
        /// The number of jobs whose results were taken.
        var taken = 0
        var results: [Int: [rs_match]] = [:]
        /// The seeds of the files that are being walked, by the first job of a file.
        var seeds: [Int: Seeds] = [:]
        var memory = 0
        var isCancelled = false
    }

    private struct Seeds {
        /// Nil while a thread makes it.
        var table: SeedTable?
        var unfinished: Int
    }

    private let target: MappedFile
    private let bases: [MappedFile]
    private let jobs: [WalkJob]
    /// The first job with the same old file, for each job.
    private let groups: [Int]
    private let sizes: [Int: Int]
    private let ahead: Int
    private let monitor = Monitor()
    nonisolated(unsafe) private var state = State()

    /// The limit for the seeds of all files that are walked at the same time, in bytes.
    private static let maximumMemory = 96 << 20

    init(_ jobs: [WalkJob], target: MappedFile, bases: [MappedFile], threads: Int) {
        (self.jobs, self.target, self.bases) = (jobs, target, bases)
        ahead = threads + 2
        var groups: [Int] = []
        for (index, job) in jobs.enumerated() {
            let isSame = index > 0 && jobs[index - 1].isPart(ofSameFileAs: job)
            groups.append(isSame ? groups[index - 1] : index)
        }
        self.groups = groups
        sizes = groups.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Runs jobs until all of them have started; for a thread of its own.
    func work() {
        while let job = monitor.locked({ next() }) { run(job) }
    }

    /// Returns the result of the next job in order; runs the job if no thread has started it.
    func take() -> [rs_match] {
        let index = monitor.locked { unsafe state.taken }
        while true {
            let found = monitor.locked { () -> (result: [rs_match]?, job: Int?) in
                if let result = unsafe state.results.removeValue(forKey: index) {
                    unsafe state.taken += 1
                    monitor.wakeAll()
                    return (result, nil)
                }
                if unsafe state.started == index, canStart(index) { return (nil, start(index)) }
                monitor.wait()
                return (nil, nil)
            }
            if let result = found.result { return result }
            if let job = found.job { run(job) }
        }
    }

    /// Lets threads end before all jobs are done.
    func cancel() {
        monitor.locked {
            unsafe state.isCancelled = true
            monitor.wakeAll()
        }
    }

    // MARK: Starting, with the lock

    private func next() -> Int? {
        while unsafe state.started < jobs.count && !state.isCancelled {
            let job = unsafe state.started
            if unsafe job < state.taken + ahead, canStart(job) { return start(job) }
            monitor.wait()
        }
        return nil
    }

    private func canStart(_ job: Int) -> Bool {
        if let seeds = unsafe state.seeds[groups[job]] { return seeds.table != nil }
        let memory = SeedTable.memory(for: jobs[job].range.count)
        return unsafe state.memory == 0 || state.memory + memory <= Self.maximumMemory
    }

    private func start(_ job: Int) -> Int {
        let group = groups[job]
        unsafe state.started = job + 1
        if unsafe state.seeds[group] == nil {
            unsafe state.seeds[group] = Seeds(table: nil, unfinished: sizes[group] ?? 0)
            unsafe state.memory += SeedTable.memory(for: jobs[job].range.count)
        }
        return job
    }

    // MARK: Running

    private func run(_ index: Int) {
        let job = jobs[index]
        let made = monitor.locked { unsafe state.seeds[groups[index]]?.table }
        let table = made ?? SeedTable(bases[job.base], job.range)
        if made == nil {
            monitor.locked {
                unsafe state.seeds[groups[index]]?.table = table
                monitor.wakeAll()
            }
        }
        let matches = job.run(target, bases, seeds: table)
        monitor.locked {
            unsafe state.results[index] = matches
            finish(groups[index])
            monitor.wakeAll()
        }
    }

    private func finish(_ group: Int) {
        unsafe state.seeds[group]?.unfinished -= 1
        guard unsafe state.seeds[group]?.unfinished == 0 else { return }
        unsafe state.seeds[group] = nil
        unsafe state.memory -= SeedTable.memory(for: jobs[group].range.count)
    }
}

extension WalkJob {
    fileprivate func isPart(ofSameFileAs other: WalkJob) -> Bool {
        base == other.base && range == other.range
    }
}
