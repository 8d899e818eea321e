// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Glibc
internal import SiteModel
internal import Inputs
internal import Synchronization

/// A line on the terminal with the progress: bytes, rate, remaining time.
final class ProgressLine: Progress {
    private struct State {
        var done = 0
        var expected = 0
        var label = ""
        var start = ProgressLine.now
        var lastDraw = 0.0
        var isDrawn = false
    }

    private let state = Mutex(State())
    private let isShown: Bool

    init(_ console: Console) { isShown = console.isTerminal && !console.isQuiet }

    func advance(_ bytes: Int) {
        guard isShown else { return }
        update { $0.done += bytes }
    }

    func expect(_ bytes: Int) {
        guard isShown else { return }
        update { $0.expected += bytes }
    }

    func begin(_ label: String) {
        guard isShown else { return }
        update { $0.label = label }
    }

    /// Clears the line, so that other text can follow.
    func clear() {
        state.withLock { state in
            if state.isDrawn { Console.write("\r\u{1B}[K", to: 2) }
            state.isDrawn = false
        }
    }

    private func update(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            let now = Self.now
            guard now - state.lastDraw >= 0.1 else { return }
            state.lastDraw = now
            state.isDrawn = true
            Console.write("\r" + Self.line(state, now).prefix(Self.columns) + "\u{1B}[K", to: 2)
        }
    }

    private static func line(_ state: State, _ now: Double) -> String {
        let elapsed = max(now - state.start, 0.001)
        let rate = Double(state.done) / elapsed
        var line = "\(HumanText.size(state.done))"
        if state.expected > state.done { line += " of \(HumanText.size(state.expected))" }
        line += ", \(HumanText.size(Int(rate)))/s"
        if state.expected > state.done, elapsed > 1, rate > 0 {
            let left = Double(state.expected - state.done) / rate
            line += ", \(HumanText.duration(Int(min(left, 1e6)))) left"
        }
        return line + "  " + HumanText.printable(state.label)
    }

    private static var columns: Int {
        var size = winsize()
        guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 79 }
        return Int(size.ws_col) - 1
    }

    private static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
