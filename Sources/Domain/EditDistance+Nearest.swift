extension EditDistance {
  /// The candidate that differs least from a word in ASCII case and all, if it is near: at most a third of its
  /// letters away, and at least one; nil where none is.
  public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8)
    let ranked = candidates.map { ($0, between(wanted, Array($0.lowercased().utf8))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, best.0.utf8.count / 3) else { return nil }
    return best.0
  }
}
