internal import SafeText

extension VirtualScreen {
  mutating func perform(_ command: VirtualParser.Command) {
    switch command {
    case .print(let scalar): print(scalar)
    case .control(let byte): control(byte)
    case .escape(let intermediate, let final): escape(intermediate, final)
    case .sequence(let prefix, let numbers, let intermediate, let final):
      sequence(prefix, numbers, intermediate, final)
    case .string(let opener, let text): string(opener, text)
    }
  }

  private mutating func print(_ scalar: Unicode.Scalar) {
    let scalar = drawsLines[shift] ? Self.lineDrawing(scalar) : scalar
    let width = SafeText.width(of: scalar)
    if width == 0 {
      let column = wrapIsDue ? cursor.column : cursor.column - 1
      guard column >= 0 else { return }
      let place = cells[cursor.row][column].text.isEmpty ? column - 1 : column
      if place >= 0 { cells[cursor.row][place].text.unicodeScalars.append(scalar) }
      return
    }
    if wrapIsDue || cursor.column + width > columns { wrap() }
    if inserts { insertBlanks(width) }
    let end = min(columns, cursor.column + width)
    clearHalves(from: cursor.column, to: end)
    cells[cursor.row][cursor.column] = Cell(text: String(Character(scalar)), look: look)
    if width == 2, cursor.column + 1 < columns { cells[cursor.row][cursor.column + 1] = Cell(text: "", look: look) }
    last = scalar
    if end == columns {
      cursor.column = columns - 1
      wrapIsDue = modes.contains(7)
    } else {
      cursor.column = end
    }
  }

  /// What is written over half of a wide character leaves a space in the other half.
  private mutating func clearHalves(from start: Int, to end: Int) {
    if start > 0, cells[cursor.row][start].text.isEmpty { cells[cursor.row][start - 1].text = " " }
    if end < columns, cells[cursor.row][end].text.isEmpty { cells[cursor.row][end].text = " " }
  }

  private mutating func wrap() {
    cursor.column = 0
    wrapIsDue = false
    lineFeed()
  }

  private mutating func lineFeed() {
    if cursor.row == region.upperBound { scroll(up: 1, in: region) } else { cursor.row = min(rows - 1, cursor.row + 1) }
  }

  private mutating func scroll(up count: Int, in range: ClosedRange<Int>) {
    for _ in 0..<min(abs(count), range.count) {
      cells.remove(at: count > 0 ? range.lowerBound : range.upperBound)
      cells.insert(blankRow, at: count > 0 ? range.upperBound : range.lowerBound)
    }
  }

  /// Erased cells take the background in force: xterm has `bce`.
  private var blank: Cell {
    var look = Look()
    look.background = self.look.background
    return Cell(look: look)
  }

  private var blankRow: [Cell] { Array(repeating: blank, count: columns) }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x07: bells += 1
    case 0x08: move(cursor.row, cursor.column - 1)
    case 0x09: move(cursor.row, (cursor.column / 8 + 1) * 8)
    case 0x0A, 0x0B, 0x0C:
      wrapIsDue = false
      lineFeed()
    case 0x0D: move(cursor.row, 0)
    case 0x0E: shift = 1
    case 0x0F: shift = 0
    case 0x00, 0x7F: break
    default: strangers.append("control \(byte)")
    }
  }

  private mutating func move(_ row: Int, _ column: Int) {
    cursor = (max(0, min(rows - 1, row)), max(0, min(columns - 1, column)))
    wrapIsDue = false
  }

  private mutating func escape(_ intermediate: UInt8?, _ final: UInt8) {
    switch (intermediate.map { Unicode.Scalar($0) }, Unicode.Scalar(final)) {
    case (nil, "7"): saved = (cursor.row, cursor.column, look)
    case (nil, "8"):
      move(saved.row, saved.column)
      look = saved.look
    case (nil, "D"): lineFeed()
    case (nil, "E"):
      cursor.column = 0
      lineFeed()
    case (nil, "M"):
      if cursor.row == region.lowerBound { scroll(up: -1, in: region) } else { move(cursor.row - 1, cursor.column) }
    case (nil, "c"): self = VirtualScreen(columns: columns, rows: rows)
    case (nil, "="), (nil, ">"), (nil, "\\"), (nil, "H"): break
    case ("(", let set): drawsLines[0] = set == "0"
    case (")", let set): drawsLines[1] = set == "0"
    default: strangers.append("ESC \(intermediate.map { String(Unicode.Scalar($0)) } ?? "")\(Unicode.Scalar(final))")
    }
  }

  private mutating func string(_ opener: UInt8, _ text: String) {
    let parts = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (opener, parts.first) {
    case (0x5D, "0"), (0x5D, "2"): title = parts.last ?? ""
    case (0x5D, "52"): clipboard = parts.last ?? ""
    case (0x5D, "11") where parts.last == "?": questions.append("OSC 11")
    case (0x5F, _): applicationText = text
    default: strangers.append("string \(text)")
    }
  }

  private mutating func sequence(_ prefix: UInt8?, _ numbers: [Int?], _ intermediate: UInt8?, _ final: UInt8) {
    let one = max(1, (numbers.first ?? nil) ?? 1)
    let kind = (numbers.first ?? nil) ?? 0
    let name = Unicode.Scalar(final)
    if prefix == 0x3F, name == "h" || name == "l" {
      for number in numbers.compactMap({ $0 }) { setMode(number, isOn: name == "h") }
      return
    }
    guard prefix == nil, intermediate == nil else {
      // The Linux console's cursor shape.
      if prefix == 0x3F, name == "c" { return }
      strangers.append("CSI \(prefix ?? 0) \(numbers) \(intermediate ?? 0) \(name)")
      return
    }
    switch name {
    case "A": move(max(cursor.row - one, cursor.row >= region.lowerBound ? region.lowerBound : 0), cursor.column)
    case "B", "e":
      move(min(cursor.row + one, cursor.row <= region.upperBound ? region.upperBound : rows), cursor.column)
    case "C", "a": move(cursor.row, cursor.column + one)
    case "D": move(cursor.row, cursor.column - one)
    case "E": move(cursor.row + one, 0)
    case "F": move(cursor.row - one, 0)
    case "G", "`": move(cursor.row, one - 1)
    case "d": move(one - 1, cursor.column)
    case "H", "f": move(one - 1, max(1, (numbers.count > 1 ? numbers[1] : nil) ?? 1) - 1)
    case "I": move(cursor.row, (cursor.column / 8 + one) * 8)
    case "Z": move(cursor.row, (cursor.column + 7) / 8 * 8 - 8 * one)
    case "J": eraseScreen(kind)
    case "K": eraseLine(kind)
    case "X": erase(row: cursor.row, cursor.column..<min(columns, cursor.column + one))
    case "P":
      clearHalves(from: cursor.column, to: min(columns, cursor.column + one))
      cells[cursor.row].removeSubrange(cursor.column..<min(columns, cursor.column + one))
      cells[cursor.row] += Array(repeating: blank, count: columns - cells[cursor.row].count)
    case "@": insertBlanks(one)
    case "L": insertRows(one)
    case "M": insertRows(-one)
    case "S": scroll(up: one, in: region)
    case "T": scroll(up: -one, in: region)
    case "b": for _ in 0..<one { print(last) }
    case "r":
      let bottom = max(1, (numbers.count > 1 ? numbers[1] : nil) ?? rows)
      region = (one - 1)...max(one - 1, min(rows, bottom) - 1)
      move(0, 0)
    case "m": setLook(numbers)
    case "h", "l":
      if kind == 4 { inserts = name == "h" } else { strangers.append("CSI \(numbers) \(name)") }
    case "n": questions.append("DSR \(kind)")
    case "c": questions.append("DA1")
    case "t": break
    default: strangers.append("CSI \(numbers) \(name)")
    }
  }

  private mutating func setMode(_ mode: Int, isOn: Bool) {
    if isOn { modes.insert(mode) } else { modes.remove(mode) }
    guard mode == 1049 || mode == 47 || mode == 1047 else { return }
    if isOn, main == nil {
      main = cells
      mainCursor = cursor
      cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    } else if !isOn, let before = main {
      cells = before
      cursor = mainCursor
      main = nil
    }
  }

  private mutating func erase(row: Int, _ range: Range<Int>) {
    for column in range { cells[row][column] = blank }
    // Half of a wide character that is left.
    if range.upperBound < columns, cells[row][range.upperBound].text.isEmpty { cells[row][range.upperBound].text = " " }
  }

  private mutating func eraseLine(_ kind: Int) {
    switch kind {
    case 0: erase(row: cursor.row, cursor.column..<columns)
    case 1: erase(row: cursor.row, 0..<(cursor.column + 1))
    default: erase(row: cursor.row, 0..<columns)
    }
  }

  private mutating func eraseScreen(_ kind: Int) {
    if kind != 1 { eraseLine(kind == 0 ? 0 : 2) } else { eraseLine(1) }
    for row in 0..<rows where kind >= 2 || (kind == 0 && row > cursor.row) || (kind == 1 && row < cursor.row) {
      erase(row: row, 0..<columns)
    }
  }

  private mutating func insertBlanks(_ count: Int) {
    let room = min(count, columns - cursor.column)
    cells[cursor.row].insert(contentsOf: Array(repeating: blank, count: room), at: cursor.column)
    cells[cursor.row].removeLast(room)
  }

  private mutating func insertRows(_ count: Int) {
    guard region.contains(cursor.row) else { return }
    scroll(up: -count, in: cursor.row...region.upperBound)
    cursor.column = 0
  }

  private mutating func setLook(_ numbers: [Int?]) {
    var rest = numbers.map { $0 ?? 0 }[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: look = Look()
      case 1: look.bold = true
      case 2: look.dim = true
      case 4: look.underline = true
      case 7: look.reverse = true
      case 22: (look.bold, look.dim) = (false, false)
      case 24: look.underline = false
      case 27: look.reverse = false
      case 30...37: look.foreground = number - 30
      case 39: look.foreground = nil
      case 40...47: look.background = number - 40
      case 49: look.background = nil
      case 90...97: look.foreground = number - 82
      case 100...107: look.background = number - 92
      case 38, 48:
        guard rest.popFirst() == 5, let colour = rest.popFirst() else {
          strangers.append("SGR \(numbers)")
          return
        }
        if number == 38 { look.foreground = colour } else { look.background = colour }
      default: strangers.append("SGR \(number)")
      }
    }
  }

  private static func lineDrawing(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "q": "─"
    case "x": "│"
    case "l": "┌"
    case "k": "┐"
    case "m": "└"
    case "j": "┘"
    case "t": "├"
    case "u": "┤"
    case "v": "┴"
    case "w": "┬"
    case "n": "┼"
    default: scalar
    }
  }
}
