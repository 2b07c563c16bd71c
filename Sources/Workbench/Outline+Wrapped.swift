internal import SafeText

extension Outline {
  /// Its sections in lines of at most so many cells, nothing cut: what is longer goes on in the next line, and columns
  /// that have no room beside the others stand below them.
  func wrapped(to width: Int) -> [SafeText] {
    sections.flatMap { section -> [SafeText] in
      // A heading with nothing under it says nothing.
      if section.lines.allSatisfy(\.isEmpty), section.rows.isEmpty { return [] }
      let title = section.title.isEmpty ? [] : section.title.safe.wrapped(to: width)
      let lines = section.lines.flatMap { $0.safe.wrapped(to: width - 2) }
      let table = section.columns.isEmpty ? [] : WrappedTable(section, width: width - 2).lines
      return [.empty] + title + (lines + table).map { "  " + $0 }
    }
  }
}

/// The table of a section in lines of at most so many cells.
private struct WrappedTable {
  private static let gap = 2
  /// What a column of words keeps at least, where it has as much to say.
  private static let least = 12

  private let rows: [[SafeText]]
  /// Cells that each column would take.
  private let widths: [Int]
  /// Cells that each column keeps: of numbers all, for no number is broken.
  private let needs: [Int]
  /// Columns of numbers: their last digits stand under one another.
  private let isNumeric: [Bool]
  private let width: Int

  init(_ section: Outline.Section, width: Int) {
    let count = section.columns.count
    let rows = ([section.columns] + section.rows).map { row in
      (0..<count).map { $0 < row.count ? row[$0].safe : .empty }
    }
    self.rows = rows
    widths = (0..<count).map { column in rows.map { $0[column].width }.max() ?? 0 }
    isNumeric = (0..<count).map { column in
      let cells = rows.dropFirst().map { $0[column].text }.filter { !$0.isEmpty && $0 != "·" }
      return !cells.isEmpty && cells.allSatisfy(Self.isNumber)
    }
    needs = (0..<count).map { [isNumeric, widths] column in
      min(widths[column], isNumeric[column] ? width : Self.least)
    }
    self.width = width
  }

  /// `12.84`, `−.0995`, `+2`, `1,450`, `71 %`, `4 ms`.
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.prefix { $0 != " " }
    guard digits.contains(where: \.isNumber), ["", " %", " ms", " s"].contains(text.dropFirst(digits.count)) else {
      return false
    }
    return digits.allSatisfy { $0.isNumber || "+−-.,e<".contains($0) }
  }

  var lines: [SafeText] {
    let blocks = blocks()
    return blocks.enumerated().flatMap { index, columns in
      (index == 0 ? [] : [SafeText.empty]) + lines(of: columns)
    }
  }

  /// The columns that stand beside one another; from the second block on with the first, which names the row. Of as many
  /// blocks as it takes each has about as many columns: none stands alone below the others.
  private func blocks() -> [[Int]] {
    let full = blocks(ofColumns: .max)
    guard full.count > 1 else { return full }
    let even = blocks(ofColumns: 1 + (widths.count - 1 + full.count - 1) / full.count)
    return even.count == full.count ? even : full
  }

  private func blocks(ofColumns most: Int) -> [[Int]] {
    var blocks: [[Int]] = []
    var block: [Int] = []
    var used = 0
    for column in widths.indices {
      let needed = needs[column] + Self.gap
      if block.count > 1, used + needed - Self.gap > width || block.count == most {
        blocks.append(block)
        block = [0]
        used = needs[0] + Self.gap
      }
      block.append(column)
      used += needed
    }
    return blocks + [block]
  }

  private func lines(of columns: [Int]) -> [SafeText] {
    let room = fitted(columns)
    return rows.flatMap { row -> [SafeText] in
      let cells = zip(columns, room).map { row[$0].wrapped(to: $1) }
      return (0..<(cells.map(\.count).max() ?? 0)).map { line in
        var text = SafeText.empty
        for (index, cell) in cells.enumerated() {
          let part = line < cell.count ? cell[line] : .empty
          let isLast = index == cells.count - 1
          let isNumber = isNumeric[columns[index]]
          text += isLast && !isNumber ? part : part.padded(to: room[index], isNumber ? .right : .left)
          if !isLast { text += .spaces(Self.gap) }
        }
        return text
      }
    }
  }

  /// Cells of each of the columns: the widest give way until all fit, none below what it keeps while that has room.
  private func fitted(_ columns: [Int]) -> [Int] {
    let room = max(columns.count, width - Self.gap * (columns.count - 1))
    let wanted = columns.map { widths[$0] }
    guard wanted.reduce(0, +) > room else { return wanted }
    let kept = columns.map { needs[$0] }
    let least = kept.reduce(0, +) <= room ? kept : kept.map { _ in 0 }
    var most = wanted.max() ?? 0
    let fit = { (most: Int) in zip(wanted, least).map { min($0, max(most, $1)) } }
    while most > 1, fit(most).reduce(0, +) > room { most -= 1 }
    var fitted = fit(most)
    // What is left over goes to the first that gave way.
    let left = room - fitted.reduce(0, +)
    if left > 0, let first = wanted.indices.first(where: { wanted[$0] > fitted[$0] }) { fitted[first] += left }
    return fitted
  }
}
