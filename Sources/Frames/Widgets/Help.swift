public import SafeText

/// The keys of a screen, laid out in columns; made from the keymap in force.
public struct Help: Hashable, Sendable {
  /// A key, or a few, and what it does.
  public struct Entry: Hashable, Sendable {
    public var keys: SafeText
    public var label: SafeText
    /// Whether the user changed the key; shown bold.
    public var isChanged: Bool

    public init(_ keys: SafeText, _ label: SafeText, isChanged: Bool = false) {
      self.keys = keys
      self.label = label
      self.isChanged = isChanged
    }

    var text: StyledText { StyledText(keys, isChanged ? .bold : .plain) + StyledText(" " + label) }
  }

  /// Entries under a heading; no heading for the screen's own.
  public struct Section: Hashable, Sendable {
    public var heading: SafeText
    public var entries: [Entry]

    public init(_ heading: SafeText = .empty, _ entries: [Entry]) {
      self.heading = heading
      self.entries = entries
    }
  }

  public var title: SafeText
  public var sections: [Section]
  /// The last line: where the keys come from.
  public var note: SafeText

  public init(_ title: SafeText, _ sections: [Section], note: SafeText = .empty) {
    self.title = title
    self.sections = sections
    self.note = note
  }

  /// The lines of the help, entries in columns of a third of `columns`; a wide one takes two columns or three.
  public func lines(columns: Int) -> [StyledText] {
    var lines: [StyledText] = []
    for section in sections {
      if !lines.isEmpty { lines.append(StyledText()) }
      if !section.heading.isEmpty { lines.append(StyledText(section.heading, .bold)) }
      var line = StyledText()
      for entry in section.entries {
        let third = max(1, columns / 3)
        // The next stop that leaves two cells between entries.
        let stop = line.isEmpty ? 0 : (line.width + 2 + third - 1) / third * third
        if !line.isEmpty, stop + entry.text.width > columns {
          lines.append(line)
          line = entry.text
        } else {
          line += StyledText(.spaces(stop - line.width)) + entry.text
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// Draws the box in the middle, its lines from `top` on.
  /// - Returns: how far `top` can go.
  @discardableResult
  public func draw(on frame: inout Frame, top: Int = 0) -> Int {
    let columns = min(68, frame.columns)
    let lines = lines(columns: columns - 6)
    let wanted = lines.count + (note.isEmpty ? 2 : 4)
    let box = frame.bounds.inset(rows: 2).centered(rows: wanted, columns: columns)
    let inside = Dialog(title).draw(on: &frame, in: box)
    let room = max(0, inside.rows - (note.isEmpty ? 0 : 1))
    let last = max(0, lines.count - room)
    Dialog.place(first: min(top, last), shown: room, of: lines.count, in: inside, on: &frame)
    for (offset, line) in lines.dropFirst(min(top, last)).prefix(room).enumerated() {
      frame.write(line, row: inside.row + offset, column: inside.column + 2, limit: max(0, inside.columns - 3))
    }
    if !note.isEmpty {
      frame.write(
        note, row: inside.endRow - 1, column: inside.column + 2, limit: max(0, inside.columns - 3), style: .dim)
    }
    return last
  }
}
