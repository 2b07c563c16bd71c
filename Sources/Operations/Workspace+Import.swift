public import Domain
internal import Feedback
internal import Ledger

/// How an import went.
public struct ImportTally: Hashable, Sendable {
  /// Cases that were not in the ledger before.
  public var new = 0
  /// Cases that were there already; their numbers and judgements stay.
  public var known = 0
  public var rejected = 0
}

extension Workspace {
  /// Brings predictions that were made elsewhere into the ledger as cases, without asking their models again.
  ///
  /// Lines that cannot be used are handed to `reject`, and the others go on.
  public func importCases(
    from path: String, model: RawText? = nil, at moment: Timestamp? = nil,
    reject: ([BatchRow]) throws(Problem) -> Void, progress: (ImportTally) -> Void = { _ in }
  ) async throws(Problem) -> ImportTally {
    let source = try ByteSource(path)
    var tally = ImportTally()
    var cases: [ImportedCase] = []
    var number = 0
    while let line = try source.line(limit: RowReader.limit) {
      number += 1
      let text = RawText(bytes: line)
      if text.trimmed.isEmpty { continue }
      if number == 1, text.trimmed.bytes.first == UInt8(ascii: "<") {
        throw Problem("\(path) is HTML or XML, not JSON.", advice: "Was a page saved for a file?", kind: .invalidInput)
      }
      do throws(RowFault) {
        cases.append(ImportedCase(row: number, text: text, case: try await newCase(line, model, moment)))
      } catch {
        tally.rejected += 1
        try reject([.rejected(row: number, reason: error.reason, text: text)])
      }
      if cases.count == 500 {
        try await keep(&cases, &tally, reject)
        progress(tally)
      }
    }
    try await keep(&cases, &tally, reject)
    return tally
  }

  /// Why a record is not taken whose source's id an analyst's words are on.
  static let otherRecord =
    "its id is that of a case which you judged with another record, or began to: give it an id of its own"

  /// Why another answer is not taken where an analyst's words are on the one that is there.
  static let otherAnswer = "you judged its case with another answer, or began to: the case stays as you judged it"

  private func keep(
    _ cases: inout [ImportedCase], _ tally: inout ImportTally, _ reject: ([BatchRow]) throws(Problem) -> Void
  ) async throws(Problem) {
    guard !cases.isEmpty else { return }
    let (name, service) = (contextName, serviceName)
    let made = cases.map(\.case)
    let (added, refused) = try await onLedger { ledger throws(LedgerError) in
      let before = try ledger.caseCount()
      let kept = try ledger.store(made, service: service, context: name)
      var refused: [(index: Int, reason: String)] = []
      for index in kept.indices where kept[index].number == 0 {
        let isOtherRecord = try ledger.case(kept[index].id).map { kept[index].record.contradicts($0.record) } ?? true
        refused.append((index, isOtherRecord ? Self.otherRecord : Self.otherAnswer))
      }
      return (try ledger.caseCount() - before, refused)
    }
    if !refused.isEmpty {
      try reject(refused.map { .rejected(row: cases[$0.index].row, reason: $0.reason, text: cases[$0.index].text) })
    }
    tally.new += added
    tally.known += cases.count - added - refused.count
    tally.rejected += refused.count
    cases = []
  }

  private func newCase(_ line: [UInt8], _ model: RawText?, _ moment: Timestamp?) async throws(RowFault) -> Case {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: line)
    } catch {
      throw RowFault(reason: "it is no JSON: \(error.description)")
    }
    var read = try RowFault.reading { () throws(EventBodyError) in
      try ReadPrediction(json, model: model, at: moment)
    }
    let record = try await self.record(of: read)
    if case .opaque = read.prediction.answer, let signature = try? await signature(of: read.model) {
      read.prediction.answer = Prediction.answer(of: read.prediction.outputs, signature: signature)
    }
    return newCase(record, read)
  }

  /// A case of what a line says.
  func newCase(_ record: Record, _ read: ReadPrediction) -> Case {
    var made = newCase(record, sourceID: read.sourceID, read.prediction, of: read.model, at: read.at)
    made.explanations = read.explanations
    made.outlier = read.outlier
    return made
  }

  /// The record of a line, whichever way its values are written.
  func record(of read: ReadPrediction) async throws(RowFault) -> Record {
    switch read.inputs {
    case .record(let tensors): tensors
    case .cells(let cells): try await record(of: cells, for: read.model)
    }
  }

  /// Values by name need the model's signature, which the service has.
  private func record(of cells: [RawText: RawText], for model: ModelID) async throws(RowFault) -> Record {
    let signature: Signature
    do throws(Problem) {
      signature = try await self.signature(of: model)
    } catch {
      throw RowFault(
        reason: "its values have names, and the signature of \(model.name.string) is not to be had: \(error.summary)",
        obstacle: error.kind == .unreachable ? error : nil)
    }
    let row = FileRow(number: 0, text: "", content: .cells(.success(FileRow.Cells(values: cells, sourceID: ""))))
    switch row.prepared(for: signature) {
    case .success(let prepared): return prepared.record
    case .failure(let fault): throw fault
    }
  }
}

/// A line that was read as a case.
private struct ImportedCase {
  var row: Int
  var text: RawText
  var `case`: Case
}
