// SPDX-License-Identifier: Apache-2.0

/// What a piece of text means, from which its color follows. What matters is in the words, too.
package enum Tone: Sendable, Hashable {
    case plain
    case good
    case warning
    case bad
    /// Of less interest than the rest.
    case faint
    case heading
    /// The line that keys act on.
    case selected
}
