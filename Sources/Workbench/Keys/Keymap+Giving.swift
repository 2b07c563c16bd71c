public import Frames

extension Keymap {
  /// Gives a command of a screen these key sequences in place of its own; whatever else had one of them there loses it.
  public mutating func give(_ sequences: [[Key]], to command: Command, in scope: Scope) {
    self = Keymap(
      bindings.map { binding in
        guard binding.scope == scope else { return binding }
        var binding = binding
        if binding.command == command {
          binding.keys = sequences
        } else {
          binding.keys.removeAll { sequences.contains($0) }
        }
        return binding
      })
  }
}
