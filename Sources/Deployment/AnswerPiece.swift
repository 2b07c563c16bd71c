public import Domain
internal import OpenInference

/// A part of an answer that comes bit by bit: one event of `infer_stream` or `generate_stream`, or the whole of it
/// where the service does not stream.
public struct AnswerPiece: Hashable, Sendable {
  /// The version that answered; nil where the service has none.
  public var version: RawText?
  /// What this piece carries, every output of it.
  public var outputs: [Tensor]
  /// The text that it adds: of the model's first text output, its rows on lines of their own; empty where it has none.
  public var text: RawText
  /// Since the request left.
  public var milliseconds: Double
  /// Which route of an experiment answers; empty where there is none.
  public var route: RawText

  public init(
    version: RawText? = nil, outputs: [Tensor], text: RawText, milliseconds: Double = 0, route: RawText = ""
  ) {
    self.version = version
    self.outputs = outputs
    self.text = text
    self.milliseconds = milliseconds
    self.route = route
  }

  init(
    _ response: InferenceResponse, answering model: ModelID, signature: Signature, milliseconds: Double, route: RawText
  ) {
    let declared = signature.outputs.first { spec in
      spec.datatype == .bytes && response.outputs.contains { $0.name == spec.name }
    }
    let shown = response.outputs.first { $0.texts != nil && (declared == nil || $0.name == declared?.name) }
    let rows = (shown?.texts ?? []).map { $0?.bytes ?? [] }
    self.init(
      version: response.version(answering: model), outputs: response.outputs,
      text: RawText(bytes: rows.joined(separator: [UInt8(ascii: "\n")])), milliseconds: milliseconds, route: route)
  }
}

/// What the pieces of an answer add up to.
///
/// Texts grow, row by row; any other output is what it was in the last piece that had it.
public struct GatheredAnswer: Sendable {
  public private(set) var pieces = 0
  private var last: AnswerPiece?
  private var others: [Tensor] = []
  private var order: [RawText] = []
  private var texts: [RawText: (tensor: Tensor, rows: [[UInt8]])] = [:]

  public init() {}

  public mutating func take(_ piece: AnswerPiece) {
    pieces += 1
    last = piece
    for tensor in piece.outputs {
      if !order.contains(tensor.name) { order.append(tensor.name) }
      if let values = tensor.texts {
        var gathered = texts.removeValue(forKey: tensor.name) ?? (tensor, [])
        for (row, value) in values.enumerated() {
          if row == gathered.rows.count { gathered.rows.append([]) }
          gathered.rows[row] += value?.bytes ?? []
        }
        texts[tensor.name] = gathered
      } else if let index = others.firstIndex(where: { $0.name == tensor.name }) {
        others[index] = tensor
      } else {
        others.append(tensor)
      }
    }
  }

  /// The outputs as one answer would have had them.
  public var outputs: [Tensor] {
    order.compactMap { name in
      guard let (tensor, rows) = texts[name] else { return others.first { $0.name == name } }
      var whole = tensor
      whole.elements = .bytes(rows.map { RawText(bytes: $0) })
      if tensor.shapeCount != rows.count { whole.shape = [rows.count] }
      return whole
    }
  }

  /// The whole as a prediction; nil where nothing came.
  public func prediction(of model: ModelID, signature: Signature, call: InferenceCall) -> Prediction? {
    guard let last else { return nil }
    let outputs = outputs
    return Prediction(
      model: ModelID(model.name, version: last.version ?? model.version),
      answer: Prediction.answer(of: outputs, signature: signature), outputs: outputs,
      requestID: RawText(call.requestID), route: last.route,
      traceID: RawText(call.traceparent == nil ? "" : call.traceID), latency: last.milliseconds)
  }
}
