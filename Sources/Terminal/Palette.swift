internal import CNcurses
internal import Frames

/// Styles as ncurses knows them: attributes and a colour pair, made when first asked for.
struct Palette {
  struct Entry {
    var attributes: attr_t
    var pair: Int32
  }

  /// The colours there are; 0 for a terminal without, or a user who wants none.
  let colours: Int
  private let theme: Theme
  private var entries: [Style: Entry] = [:]
  private var pairs: [UInt8: Int32] = [:]

  init(theme: Theme, colours: Int) {
    self.theme = theme
    self.colours = colours
  }

  subscript(style: Style) -> Entry {
    mutating get {
      if let entry = entries[style] { return entry }
      let ink = theme[style.role]
      var attributes = attr_t(0)
      if style.bold || ink.bold { attributes |= mds_bold() }
      if style.underline || ink.underline { attributes |= mds_underline() }
      if style.reverse != ink.reverse { attributes |= mds_reverse() }
      // Without colours only bold, underline and reverse: faint text of old terminals cannot be read.
      if ink.dim, colours > 0 { attributes |= mds_dim() }
      let entry = Entry(attributes: attributes, pair: ink.colour(of: colours).map { pair($0) } ?? 0)
      entries[style] = entry
      return entry
    }
  }

  private mutating func pair(_ colour: UInt8) -> Int32 {
    if let pair = pairs[colour] { return pair }
    let pair = Int32(pairs.count + 1)
    guard mds_init_pair(pair, Int32(colour)) != ERR else { return 0 }
    pairs[colour] = pair
    return pair
  }
}
