// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct AttemptRatesTests {
    private func status(_ attempts: UInt64, at seconds: Double) -> StatusView {
        Samples.status([Samples.backend("db") { $0.attempts = attempts }], at: seconds)
    }

    @Test func `a rate needs two moments, and is an average over the last minute`() {
        var rates = AttemptRates()
        rates.note(status(100, at: 0))
        #expect(rates.perMinute("db") == nil)
        rates.note(status(101, at: 30))
        #expect(rates.perMinute("db") == 2)
        rates.note(status(102, at: 60))
        #expect(rates.perMinute("db") == 2)
        // The burst at the start is out of the window.
        for second in stride(from: 90.0, through: 150, by: 30) { rates.note(status(102, at: second)) }
        #expect(rates.perMinute("db") == 0)
        #expect(rates.perMinute("other") == nil)
    }

    @Test func `an agent or a backend that was replaced counts from zero`() {
        var rates = AttemptRates()
        rates.note(status(100, at: 0))
        rates.note(status(3, at: 30))
        #expect(rates.perMinute("db") == nil)
        rates.note(status(5, at: 60))
        #expect(rates.perMinute("db") == 4)
        var restarted = status(7, at: 90)
        restarted.startedAt = Samples.at(89)
        rates.note(restarted)
        #expect(rates.perMinute("db") == nil)
    }

    @Test func `the same moment twice changes nothing`() {
        var rates = AttemptRates()
        rates.note(status(100, at: 0))
        rates.note(status(200, at: 0))
        #expect(rates.perMinute("db") == nil)
    }
}
