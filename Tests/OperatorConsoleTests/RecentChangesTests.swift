// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct RecentChangesTests {
    @Test func `the newest are kept, however many there are`() {
        let changes = RecentChanges()
        #expect(changes.events == nil)
        changes.begin()
        #expect(changes.events == [])
        for number in 0..<1000 { changes.note(AgentEvent(id: "\(number)", kind: .lost, time: Samples.now)) }
        #expect(changes.events?.map(\.id) == (800..<1000).map { "\($0)" })
        changes.begin()
        #expect(changes.events?.count == 200)
        changes.end()
        #expect(changes.events == nil)
    }
}
