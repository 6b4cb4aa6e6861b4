// SPDX-License-Identifier: Apache-2.0

extension String {
    /// As a person sees it: without the commands that color it.
    var withoutColors: String { replacing(/\u{1B}\[[0-9;]*m/, with: "") }
}
