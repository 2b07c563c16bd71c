internal import SafeText

/// Names in less room than they need, so that different ones still read differently.
enum ShortNames {
  /// Each name in at most so many cells: its start where that tells them apart, else without the start that all of them
  /// have, else without its middle; nil where none of these does.
  static func cut(_ names: [SafeText], to cells: Int) -> [SafeText: SafeText]? {
    let names = Set(names)
    let shared = sharedStart(names)
    let ways: [(SafeText) -> SafeText] = [
      { $0.cut(to: cells) },
      { $0.width <= cells ? $0 : ("…" + $0.dropping(cells: shared)).cut(to: cells) },
      { $0.cutMiddle(to: cells) },
    ]
    for way in ways {
      let short = Dictionary(uniqueKeysWithValues: names.map { ($0, way($0)) })
      if Set(short.values).count == names.count { return short }
    }
    return nil
  }

  /// A pair of these names in lines of at most so many cells: in one line where pairs can be told apart in it, else with
  /// all of its letters.
  static func pair(_ first: SafeText, _ second: SafeText, among names: [SafeText], cells: Int) -> [SafeText] {
    let whole = first + " – " + second
    if whole.width <= cells { return [whole] }
    let room = cells - 3
    guard let start = cut(names, to: (room + 1) / 2)?[first], let end = cut(names, to: room / 2)?[second] else {
      return whole.wrapped(to: cells)
    }
    return [start + " – " + end]
  }

  /// The cells of the start that all names have.
  private static func sharedStart(_ names: Set<SafeText>) -> Int {
    guard names.count > 1, let one = names.first else { return 0 }
    var cells = 0
    while cells < one.width, names.allSatisfy({ $0.prefix(cells: cells + 1) == one.prefix(cells: cells + 1) }) {
      cells += 1
    }
    return cells
  }
}
