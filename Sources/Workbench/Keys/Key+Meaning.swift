internal import Frames

extension Key {
  /// The digit that the key types; nil for any other key.
  var digit: Int? {
    guard case .text(let scalar) = self, ("0"..."9").contains(scalar) else { return nil }
    return Int(scalar.value - 0x30)
  }

  /// The key as a voice says it: by its name, not by the sign on it.
  var spoken: String {
    switch self {
    case .enter: "Enter"
    case .tab: "Tab"
    case .backTab: "S-Tab"
    default: description
    }
  }

  /// Whether a number may begin with the key.
  var beginsNumber: Bool {
    guard case .text(let scalar) = self else { return false }
    return ("0"..."9").contains(scalar) || scalar == "+" || scalar == "-" || scalar == "\u{2212}" || scalar == "."
  }
}
