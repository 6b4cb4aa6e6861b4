// SPDX-License-Identifier: Apache-2.0

/// Names one session of the engine: a dense index, and a generation that tells it from earlier users of that index.
package struct SessionHandle: Sendable, Hashable {
    package var index: Int32
    package var generation: UInt32

    package init(index: Int32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// Names one backend of the engine: its position in the list of policies.
package typealias BackendIndex = Int32
