// SPDX-License-Identifier: Apache-2.0

/// A calendar wheel: a ring of slots of 10 ms, each a doubly linked list of the timers that are due in it.
///
/// Arming and disarming are O(1) and never allocate for a timer id that was used before. A deadline that is more than
/// one turn of the ring away stays in its slot until its turn has come. A timer fires in the slot that holds its
/// deadline: never late by itself, and less than one slot early.
package struct TimerWheel: Sendable {
    /// The width of one slot in milliseconds.
    package static let slotWidth: Int64 = 10

    private struct Node: Sendable {
        var next: Int32 = TimerWheel.none
        var previous: Int32 = TimerWheel.none
        /// The absolute number of the slot, or `disarmed`.
        var slot: Int64 = TimerWheel.disarmed
    }

    private static let none: Int32 = -1
    private static let disarmed: Int64 = .min

    private var nodes: [Node] = []
    private var heads: [Int32]
    private var occupied: SlotBitmap
    private let mask: Int64
    /// The last slot whose timers were fired.
    private var cursor: Int64

    /// How many timers are armed.
    package private(set) var count = 0

    /// An empty wheel of `slotCount` slots, a power of two and at least 64, at the time `now`.
    package init(slotCount: Int = 65_536, startingAt now: Tick) {
        precondition(slotCount >= 64 && slotCount & (slotCount - 1) == 0, "a wheel has a power of two of slots")
        heads = Array(repeating: Self.none, count: slotCount)
        occupied = SlotBitmap(slotCount: slotCount)
        mask = Int64(slotCount - 1)
        cursor = now.milliseconds / Self.slotWidth - 1
    }

    /// Whether the timer waits for its deadline.
    package func isArmed(_ timer: Int32) -> Bool {
        Int(timer) < nodes.count && nodes[Int(timer)].slot != Self.disarmed
    }

    /// Lets `timer` fire at `deadline`, instead of when it was to fire before; at once where that is over.
    package mutating func arm(_ timer: Int32, at deadline: Tick) {
        let identifier = Int(timer)
        while nodes.count <= identifier { nodes.append(Node()) }
        if nodes[identifier].slot != Self.disarmed { unlink(timer) }
        let slot = max(deadline.milliseconds / Self.slotWidth, cursor + 1)
        let position = Int(slot & mask)
        let head = heads[position]
        nodes[identifier] = Node(next: head, previous: Self.none, slot: slot)
        if head == Self.none {
            occupied.insert(position)
        } else {
            nodes[Int(head)].previous = timer
        }
        heads[position] = timer
        count += 1
    }

    /// Forgets `timer`, if it is armed.
    package mutating func disarm(_ timer: Int32) {
        if isArmed(timer) { unlink(timer) }
    }

    /// Appends the timers that are due at `now` to `expired`, and disarms them.
    package mutating func expire(through now: Tick, into expired: inout [Int32]) {
        let target = now.milliseconds / Self.slotWidth
        guard target > cursor else { return }
        let turn = mask + 1
        let last = min(target, cursor + turn)
        var slot = cursor
        while let distance = occupied.distance(after: Int(slot & mask)), slot + Int64(distance) <= last {
            slot += Int64(distance)
            fire(position: Int(slot & mask), through: target, into: &expired)
        }
        cursor = target
    }

    /// A time before which no timer is due; exact unless the next slot in use holds only timers of a later turn.
    package var nextDeadline: Tick? {
        guard count > 0, let distance = occupied.distance(after: Int(cursor & mask)) else { return nil }
        return Tick(milliseconds: (cursor + Int64(distance)) * Self.slotWidth)
    }

    private mutating func fire(position: Int, through target: Int64, into expired: inout [Int32]) {
        var timer = heads[position]
        while timer != Self.none {
            let node = nodes[Int(timer)]
            if node.slot <= target {
                unlink(timer)
                expired.append(timer)
            }
            timer = node.next
        }
    }

    private mutating func unlink(_ timer: Int32) {
        let node = nodes[Int(timer)]
        if node.next != Self.none { nodes[Int(node.next)].previous = node.previous }
        if node.previous != Self.none {
            nodes[Int(node.previous)].next = node.next
        } else {
            let position = Int(node.slot & mask)
            heads[position] = node.next
            if node.next == Self.none { occupied.remove(position) }
        }
        nodes[Int(timer)] = Node()
        count -= 1
    }
}
