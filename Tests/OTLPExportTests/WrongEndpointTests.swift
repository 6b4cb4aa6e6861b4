// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import OTLPExport
import Testing

/// A wrong endpoint is told of once per change of state, not once per export.
@Suite(.timeLimit(.minutes(1)))
struct WrongEndpointTests {
    private static func export(_ count: Int, to collector: ScriptedCollector) async {
        for _ in 1...count {
            collector.enqueue(spans: 1)
            #expect(await collector.pipeline.forceFlush())
        }
    }

    @Test(arguments: [404, 405, 401, 415])
    func `many exports to a wrong path are one line, and so is their success`(_ status: Int) async throws {
        let collector = try ScriptedCollector { request in
            (5...7).contains(request.number) ? [ScriptedCollector.okay] : [.respond(status: status, json: "{}")]
        }
        collector.pipeline.start()
        await Self.export(4, to: collector)
        #expect(collector.changes.record.map(Self.word) == ["\(status)"])
        await Self.export(3, to: collector)
        #expect(collector.changes.record.map(Self.word) == ["\(status)", "recovered"])
        await Self.export(2, to: collector)
        #expect(collector.changes.record.map(Self.word) == ["\(status)", "recovered", "\(status)"])
        #expect(collector.peer.requestCount == 9)
        await collector.stop()
    }

    @Test func `many exports to where nobody listens are one line`() async throws {
        let collector = try ScriptedCollector(configure: {
            $0.traces?.url = ScriptedCollector.refusingURL
            $0.exportTimeout = .milliseconds(500)
        })
        collector.pipeline.start()
        await Self.export(4, to: collector)
        #expect(collector.traces.failed == ["connect": 4])
        #expect(collector.changes.record.map(Self.word) == ["connect"])
        await collector.stop()
    }

    private static func word(_ change: ExportChange.Kind) -> String {
        switch change {
        case .failing(let errorType, _): errorType
        case .recovered: "recovered"
        case .partial: "partial"
        case .spool(let change): change.description
        }
    }
}
