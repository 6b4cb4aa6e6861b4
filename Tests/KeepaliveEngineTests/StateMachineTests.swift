// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite(.timeLimit(.minutes(3))) struct StateMachineTests {
    /// A failing run prints its seed; put it into `arguments` to see it again.
    @Test(arguments: UInt64(1)...16)
    func `holds its promises whatever happens`(seed: UInt64) throws {
        let model = EngineModel(seed: seed)
        for _ in 0..<2000 { try model.happen() }
        try model.recover()
        for _ in 0..<300 { try model.happen() }
        try model.stop()
        #expect(model.called > 300)
    }

    @Test(arguments: UInt64(101)...124)
    func `holds its promises whatever is configured meanwhile`(seed: UInt64) throws {
        let model = EngineModel(seed: seed, reloads: true)
        for _ in 0..<2000 { try model.happen() }
        try model.recover()
        for _ in 0..<300 { try model.happen() }
        try model.stop()
        #expect(model.called > 200)
    }
}
