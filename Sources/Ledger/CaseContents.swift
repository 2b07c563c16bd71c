internal import Domain
internal import Feedback

/// What of a case has no column of its own.
struct CaseContents: JSONCodable {
  var record: Domain.Record
  var prediction: Prediction
  var explanations: [Explanation]
  var outlier: Outlier?

  init(_ item: Case) {
    record = item.record
    prediction = item.prediction
    explanations = item.explanations
    outlier = item.outlier
  }

  /// Values of a record and an answer that one case holds at most: each is a number in JSON, read whole when the case is
  /// opened.
  static let most = 4_000_000

  /// How many there are.
  var valueCount: Int { (record.tensors + prediction.outputs).reduce(0) { $0 + $1.count } }

  /// Reads what was kept, whatever explanations lie beside it.
  init(bytes: [UInt8]) throws(EventBodyError) {
    do {
      try self.init(json: CanonicalJSON.parse(bytes, elements: 4 * CaseContents.most))
    } catch let error as EventBodyError {
      throw error
    } catch {
      throw EventBodyError("\(error)")
    }
  }

  init(json: JSON) throws(EventBodyError) {
    guard let record = json["record"], let prediction = json["prediction"] else {
      throw EventBodyError("a case has no record or no prediction")
    }
    self.record = try Domain.Record(json: record)
    self.prediction = try Prediction(json: prediction)
    explanations = []
    for element in json["explanations"]?.array ?? [] { explanations.append(try Explanation(json: element)) }
    if let json = json["outlier"] { outlier = try Outlier(json: json) }
  }

  var json: JSON {
    var members = [
      JSON.Member("record", record.json), JSON.Member("prediction", prediction.json),
      JSON.Member("explanations", .array(explanations.map(\.json))),
    ]
    if let outlier { members.append(JSON.Member("outlier", outlier.json)) }
    return .object(members)
  }
}
