internal import Domain
internal import Frames
internal import SafeText

/// A picture beside the map of what counted for and against the class, and the map's largest pixels in numbers; the
/// selected one is bracketed in both.
enum PicturePanel {
  static func draw(
    _ attributions: Attributions, _ state: CaseScreen.State, title: SafeText, sum: SafeText,
    size: (rows: Int, columns: Int), _ layout: CaseLayout, on frame: inout Frame
  ) {
    guard attributions.classes.indices.contains(state.classIndex) else { return }
    let shares = attributions.classes[state.classIndex].shares
    let pixels = attributions.features.map { Field.pixel($0.value) }
    let map = PixelGrid(rows: size.rows, columns: size.columns, values: shares)
    let cursor = state.rows.selected.map { PixelCursor(row: $0 / size.columns, column: $0 % size.columns) }
    // The numbers stand whole: where there is little room the pictures are smaller, then the map stands alone.
    let free = (layout.leftWidth - tableWidth) / 2
    let split = layout.leftWidth >= 76 ? min(44, max(20, layout.leftWidth / 3)) : free
    guard split >= 10 else {
      Chrome.rule(
        title, right: fitting(sum, attributions, state, columns: layout.leftWidth - title.width),
        row: layout.whyRow, columns: 0..<layout.leftWidth, focused: true, on: &frame)
      let place = Rect(
        row: layout.whyRow + 1, column: 1, rows: layout.attributionRows, columns: max(1, 2 * free - 1))
      AttributionMap(map).draw(on: &frame, in: place)
      cursor?.draw(on: &frame, in: place, over: map)
      drawTable(attributions, shares, state, layout, size: size, column: max(0, 2 * free), on: &frame)
      return
    }
    Chrome.rule(
      "Image \(size.rows) × \(size.columns)".safe, row: layout.whyRow, columns: 0..<split, on: &frame)
    Chrome.rule(
      title, right: fitting(sum, attributions, state, columns: layout.leftWidth - split - title.width),
      row: layout.whyRow, columns: split..<layout.leftWidth, focused: true, on: &frame)
    let top = layout.whyRow + 1
    let height = layout.attributionRows
    let largestPixel = state.content.value?.signature?.fields.first?.range?.upperBound ?? pixels.max() ?? 1
    let places = [1, split + 1].map { Rect(row: top, column: $0, rows: height, columns: split - 2) }
    HalfBlockImage(PixelGrid(rows: size.rows, columns: size.columns, values: pixels), white: largestPixel)
      .draw(on: &frame, in: places[0])
    AttributionMap(map).draw(on: &frame, in: places[1])
    for place in places { cursor?.draw(on: &frame, in: place, over: map) }
    drawTable(attributions, shares, state, layout, size: size, column: 2 * split, on: &frame)
  }

  /// Cells of the table: row, column, pixel, share and mark.
  private static let tableWidth = 26

  /// How the shares add up, or what they add up to, or nothing: a number that is cut is another one.
  private static func fitting(
    _ sum: SafeText, _ attributions: Attributions, _ state: CaseScreen.State, columns: Int
  ) -> SafeText {
    let room = columns - 7
    let chosen = attributions.classes[state.classIndex]
    let output = "f(x) ".safe + Numeral.decimal(chosen.output ?? chosen.sum, signed: true)
    return [sum, output].first { $0.width <= room } ?? .empty
  }

  private static func drawTable(
    _ attributions: Attributions, _ shares: [Double], _ state: CaseScreen.State, _ layout: CaseLayout,
    size: (rows: Int, columns: Int), column: Int, on frame: inout Frame
  ) {
    let top = layout.whyRow + 1
    let ends = [column + 5, column + 9, column + 16, column + 23]
    for (title, end) in zip(["ROW", "COL", "PIXEL", "SHARE"], ends) {
      frame.write(SafeText(title), row: top, endingAt: end, style: .dim)
    }
    let room = layout.attributionRows - 3
    let parts = ExplanationParts(attributions.features.map(\.name)).all
    var shown = 0.0
    let first = state.rows.selection >= room ? state.rows.selection - room + 1 : 0
    let listed = first..<min(first + max(1, room), state.rows.count)
    for (line, row) in listed.enumerated() {
      guard let index = state.rows.item(inRow: row) else { continue }
      let y = top + 1 + line
      shown += shares[index]
      if row == state.rows.selection { frame.draw("▌", row: y, column: column, style: .select) }
      frame.write("\(index / size.columns + 1)".safe, row: y, endingAt: ends[0])
      frame.write("\(index % size.columns + 1)".safe, row: y, endingAt: ends[1])
      frame.write(attributions.features[index].value.safe, row: y, endingAt: ends[2])
      frame.write(Numeral.decimal(shares[index], signed: true), row: y, endingAt: ends[3])
      if let mark = CaseScreen.mark(on: parts[index], state) {
        frame.write(mark.sign.safe, row: y, column: ends[3] + 1, style: .bold)
      }
    }
    let y = top + 1 + listed.count
    frame.write("\(state.rows.count - listed.count) others".safe, row: y, column: column + 2)
    frame.write(Numeral.decimal(shares.reduce(0, +) - shown, signed: true), row: y, endingAt: ends[3])
    frame.write("█▓▀▄ for  ▒░ against", row: y + 1, column: column + 2, style: .dim)
  }
}

extension Field {
  /// A pixel's value as a number; 0 where the text is none.
  static func pixel(_ text: RawText) -> Double { Double(text.string) ?? 0 }
}
