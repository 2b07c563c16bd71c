public import SafeText

/// A horizontal bar, an eighth of a cell exact.
public enum Bar {
  private static let eighths: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// The bar of a share 0–1 of `cells`; what is outside is cut, no number is no bar.
  public static func text(_ share: Double, cells: Int) -> SafeText {
    guard share > 0, cells > 0 else { return .empty }
    let steps = Int(min(1, share) * Double(cells) * 8 + 0.5)
    var text = String(repeating: "█", count: steps / 8)
    if steps % 8 > 0 { text.unicodeScalars.append(eighths[steps % 8]) }
    return SafeText(text)
  }

  /// A bar of whole cells in another shade: `░` for a reference, `▒` for what speaks against.
  public static func text(_ share: Double, cells: Int, shade: Unicode.Scalar) -> SafeText {
    guard share > 0, cells > 0 else { return .empty }
    let whole = Int((min(1, share) * Double(cells)).rounded(.toNearestOrEven))
    return SafeText(String(repeating: String(Character(shade)), count: whole))
  }

  /// A piece of a time line: whole cells from `start` to `end`, shares 0–1 of `cells`; at least one.
  /// - Returns: the offset of the first cell, and the text.
  public static func piece(
    from start: Double, to end: Double, cells: Int, shade: Unicode.Scalar = "█"
  ) -> (offset: Int, text: SafeText) {
    guard start.isFinite, end.isFinite, cells > 0 else { return (0, .empty) }
    let first = max(0, min(Double(cells), start * Double(cells)))
    let last = max(first, min(Double(cells), end * Double(cells)))
    let offset = min(cells - 1, Int(first))
    let count = min(cells - offset, max(1, Int((last - first).rounded(.toNearestOrEven))))
    return (offset, SafeText(String(repeating: String(Character(shade)), count: count)))
  }
}
