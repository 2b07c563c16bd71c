public import Domain
public import Workbench

/// A file of records that is opened on the form of a model.
public enum InputFile {
  /// The first rows of a file that can be gone through in a form, and why others cannot be used; nil where there are more
  /// than so many.
  public static func rows(
    of reader: RowReader, for signature: Signature, atMost limit: Int
  ) throws(Problem) -> (records: [InferScreen.Batch.Row], faults: [String])? {
    try reader.begin(for: signature)
    var records: [InferScreen.Batch.Row] = []
    var faults: [String] = []
    while let row = try reader.next() {
      guard records.count + faults.count < limit else { return nil }
      do throws(Problem) {
        let cells = try cells(of: row)
        let values = try values(cells, signature, row: row.number)
        records.append(.init(texts: signature.texts(of: values), sourceID: cells.sourceID, at: cells.at))
      } catch {
        faults.append(error.summary)
      }
    }
    return (records, faults)
  }

  private static func cells(of row: FileRow) throws(Problem) -> FileRow.Cells {
    switch row.cells {
    case .success(let cells): return cells
    case .failure(let fault): throw Problem("row \(row.number): \(fault.reason)", kind: .invalidInput)
    }
  }

  /// `~` as the home folder.
  public static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Machine.home else { return path }
    return home + path.dropFirst(1)
  }

  static func values(
    _ cells: FileRow.Cells, _ signature: Signature, row number: Int
  ) throws(Problem) -> [FieldValue] {
    var values: [FieldValue] = []
    for field in signature.fields {
      guard let text = cells.text(of: field, in: signature) else {
        throw Problem("row \(number) has no \(field.name.string)", advice: "The columns are the model's field names.")
      }
      switch field.value(of: text) {
      case .success(let value): values.append(value)
      case .failure(let problem) where problem.canBeSentAnyway: values.append(.text(text.trimmed))
      case .failure(let problem): throw Problem("row \(number): \(field.name.string) \(problem.text)")
      }
    }
    return values
  }
}
