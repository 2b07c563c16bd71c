import Frames
import Testing

@Suite("The cursor on a picture")
struct PixelCursorTests {
  private func lines(rows: Int, columns: Int, cursor: PixelCursor) -> [String] {
    let grid = PixelGrid(rows: 4, columns: 4, values: Array(repeating: 1, count: 16))
    var frame = Frame(columns: columns, rows: rows)
    HalfBlockImage(grid, white: 1).draw(on: &frame, in: frame.bounds)
    cursor.draw(on: &frame, in: frame.bounds, over: grid)
    return (0..<rows).map { frame.ascii().line($0) }
  }

  @Test("brackets a pixel at any scale, and crosses one that is a cell wide; no other cell changes")
  func scales() {
    #expect(lines(rows: 2, columns: 4, cursor: .init(row: 2, column: 1)) == ["####", "#+##"])
    #expect(
      lines(rows: 4, columns: 8, cursor: .init(row: 0, column: 3)) == ["######[]"]
        + Array(repeating: "########", count: 3))
    #expect(lines(rows: 6, columns: 12, cursor: .init(row: 1, column: 0))[2] == "[#]#########")
    #expect(lines(rows: 2, columns: 4, cursor: .init(row: 4, column: 0)) == ["####", "####"])
  }

  @Test("in ASCII what speaks for and what speaks against have no sign in common")
  func signs() {
    func signs(_ values: [Double]) -> Set<Character> {
      var frame = Frame(columns: 2, rows: 1)
      AttributionMap(PixelGrid(rows: 2, columns: 2, values: values)).draw(on: &frame, in: frame.bounds)
      return Set(frame.ascii().line(0)).subtracting([" "])
    }
    let shares: [[Double]] = [[1, 0.3, 1, 0.3], [1, 0, 0, 0.3], [0, 1, 1, 0]]
    let speaksFor = Set(shares.flatMap(signs))
    let against = Set(shares.flatMap { signs($0.map { -$0 }) })
    #expect(speaksFor == ["#", "%", "'", ":"] && against == ["=", "-"])
  }
}
