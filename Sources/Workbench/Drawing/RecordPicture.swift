internal import Domain
internal import Frames

/// The first picture of a record.
struct RecordPicture {
  var grid: PixelGrid
  /// The value of a full pixel.
  var white: Double

  func draw(on frame: inout Frame, in rect: Rect) {
    HalfBlockImage(grid, white: white).draw(on: &frame, in: rect)
  }
}

extension CaseContent {
  /// The first picture of the record; nil where it has none, or nobody has described it.
  var picture: RecordPicture? {
    guard let signature else { return nil }
    for (field, value) in zip(signature.fields, signature.values(in: self.case.record)) {
      guard case .image(let rows, let columns, _) = field.kind, case .image(let pixels) = value else { continue }
      let grid = PixelGrid(rows: rows, columns: columns, values: pixels)
      return RecordPicture(grid: grid, white: field.range?.upperBound ?? pixels.max() ?? 1)
    }
    return nil
  }
}
