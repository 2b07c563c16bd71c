public import Domain

/// What was before the analyst's eyes, once per distinct view.
public struct Seen: Hashable, Sendable {
  public var record: SeenRecord
  /// What the record's elements are called; empty where nobody published it.
  public var fields: [SeenField]
  /// The record's identity, also where the record itself is not kept.
  public var recordID: ShortHash?
  /// The source's own id of the record; empty where it has none.
  public var sourceID: RawText
  /// When the record occurred.
  public var recordAt: Timestamp?
  public var service: RawText
  public var model: ModelID
  public var route: RawText
  public var requestID: RawText
  public var traceID: RawText
  public var output: SeenOutput
  public var explanations: [SeenExplanation]
  public var drift: SeenDrift?
  public var outlier: Outlier?
  /// The version of the guideline in force; empty where there is none.
  public var guideline: RawText
  public var queue: SeenQueue?
  /// How much of the answer was drawn.
  public var assistance: Assistance

  public init(
    record: SeenRecord, fields: [SeenField] = [], recordID: ShortHash? = nil, sourceID: RawText = "",
    recordAt: Timestamp? = nil,
    service: RawText = "", model: ModelID, route: RawText = "", requestID: RawText = "", traceID: RawText = "",
    output: SeenOutput = SeenOutput(answer: .opaque), explanations: [SeenExplanation] = [],
    drift: SeenDrift? = nil, outlier: Outlier? = nil, guideline: RawText = "", queue: SeenQueue? = nil,
    assistance: Assistance = .explanation
  ) {
    self.record = record
    self.fields = fields
    self.recordID = recordID
    self.sourceID = sourceID
    self.recordAt = recordAt
    self.service = service
    self.model = model
    self.route = route
    self.requestID = requestID
    self.traceID = traceID
    self.output = output
    self.explanations = explanations
    self.drift = drift
    self.outlier = outlier
    self.guideline = guideline
    self.queue = queue
    self.assistance = assistance
  }
}

/// The record, whole while it is small or its hash, or nothing where inputs are not to be kept.
public enum SeenRecord: Hashable, Sendable {
  case inline(Record)
  /// SHA-256 of the record's canonical JSON, and how many bytes that has; `isWithheld` where the record is not to leave the
  /// analyst's machine, and is not sent beside the event.
  case hash(Hash, bytes: Int, isWithheld: Bool = false)
  case none

  /// A record whose canonical JSON is longer stands as its hash.
  public static let inlineLimit = 32 * 1024

  /// What `keep_inputs` says of a record.
  public enum Retention: String, Hashable, Sendable, CaseIterable, Codable {
    case full, hash, none
  }

  /// The record as it may be kept.
  public init(_ record: Record, keeping retention: Retention = .full) throws(EventBodyError) {
    if retention == .none {
      self = .none
      return
    }
    let bytes = try record.canonicalBytes()
    self =
      retention == .full && bytes.count <= SeenRecord.inlineLimit
      ? .inline(record) : .hash(Hash.of(bytes), bytes: bytes.count, isWithheld: retention == .hash)
  }

  /// The hash of a record that is sent beside the event, because it is too large for it.
  public var follows: Hash? {
    guard case .hash(let hash, let bytes, isWithheld: false) = self, bytes > SeenRecord.inlineLimit else { return nil }
    return hash
  }

  /// The record, where it was kept.
  public var record: Record? {
    if case .inline(let record) = self { record } else { nil }
  }
}

/// The name of one value of a record, and where it stands.
public struct SeenField: Hashable, Sendable {
  public var name: RawText
  /// The index of the tensor in the record, and the elements of it.
  public var tensor: Int
  public var offset: Int
  public var count: Int
  /// Whether the value is a list, also where it has one element.
  public var isList: Bool

  public init(name: RawText, tensor: Int, offset: Int, count: Int = 1, isList: Bool = false) {
    self.name = name
    self.tensor = tensor
    self.offset = offset
    self.count = count
    self.isList = isList
  }

  /// The fields of a signature as they stand in a record; those whose tensor it lacks are left out.
  public static func fields(of signature: Signature, in record: Record) -> [SeenField] {
    signature.fields.compactMap { field in
      guard signature.inputs.indices.contains(field.place.tensor) else { return nil }
      let name = signature.inputs[field.place.tensor].name
      guard let tensor = record.tensors.firstIndex(where: { $0.name == name }) else { return nil }
      switch field.kind {
      case .list, .open:
        return SeenField(
          name: field.name, tensor: tensor, offset: 0, count: record.tensors[tensor].count, isList: true)
      case .number, .integer, .flag, .category, .text, .image:
        return SeenField(name: field.name, tensor: tensor, offset: field.place.offset, count: field.place.count)
      }
    }
  }
}

/// The model's answer as it was on screen: every class, or the number.
public struct SeenOutput: Hashable, Sendable {
  public var answer: Prediction.Answer
  /// The lead of the first class over the second, 0 to 1.
  public var margin: Double?
  /// From the request's first byte to the answer's last, in milliseconds.
  public var latency: Double?

  public init(answer: Prediction.Answer, margin: Double? = nil, latency: Double? = nil) {
    self.answer = answer
    self.margin = margin
    self.latency = latency
  }

  public init(_ prediction: Prediction) {
    self.init(answer: prediction.answer, margin: prediction.lead, latency: prediction.latency)
  }

  /// The answer in a word.
  public var label: RawText { Prediction(model: ModelID(""), answer: answer, outputs: []).label }

  /// Where the model knows two classes, the one that it did not choose.
  public var opposite: RawText? {
    guard case .classes(let classes, let chosen) = answer, classes.count == 2, classes.indices.contains(chosen) else {
      return nil
    }
    return classes[1 - chosen].label
  }
}

/// An explanation that was there, and whether it was looked at.
public struct SeenExplanation: Hashable, Sendable {
  public var explainer: ModelID
  public var method: RawText
  /// SHA-256 of the explanation's canonical JSON.
  public var hash: Hash?
  public var isShown: Bool
  /// How long it was on screen, where the view says so; a judgement's own times tell it by the explanation's method.
  public var milliseconds: Int?
  /// The largest shares of the class on screen, by falling size, or the anchor's predicates.
  public var top: [Feature]

  public struct Feature: Hashable, Sendable {
    public var name: RawText
    public var value: RawText
    /// nil for a predicate of an anchor.
    public var share: Double?

    public init(name: RawText, value: RawText = "", share: Double? = nil) {
      self.name = name
      self.value = value
      self.share = share
    }
  }

  public init(
    explainer: ModelID, method: RawText, hash: Hash? = nil, isShown: Bool = true, milliseconds: Int? = nil,
    top: [Feature] = []
  ) {
    self.explainer = explainer
    self.method = method
    self.hash = hash
    self.isShown = isShown
    self.milliseconds = milliseconds
    self.top = top
  }

  /// How many features an event keeps.
  public static let mostFeatures = 10

  /// What an event keeps of an explanation: its hash and its largest `count` features for a class.
  public init(
    _ explanation: Explanation, class index: Int?, isShown: Bool = true, milliseconds: Int? = nil,
    count: Int = SeenExplanation.mostFeatures
  ) throws(EventBodyError) {
    var top: [Feature] = []
    switch explanation.content {
    case .attributions(let attributions):
      let chosen = index ?? 0
      for feature in attributions.ranked(class: chosen).prefix(count)
      where attributions.features.indices.contains(feature) {
        top.append(
          Feature(
            name: attributions.features[feature].name, value: attributions.features[feature].value,
            share: attributions.classes[chosen].shares[feature]))
      }
    case .anchor(let anchor):
      top = anchor.parts.prefix(count).map { Feature(name: $0) }
    case .other: break
    }
    self.init(
      explainer: explanation.explainer, method: explanation.method, hash: Hash.of(try explanation.canonicalBytes()),
      isShown: isShown, milliseconds: milliseconds, top: top)
  }
}

/// The drift window that was on screen.
public struct SeenDrift: Hashable, Sendable {
  public var detector: ModelID
  public var method: RawText
  public var source: Window.Source
  public var from: Timestamp
  public var to: Timestamp
  public var count: Int
  public var isDrift: Bool
  public var driftedShare: Double

  public init(
    detector: ModelID, method: RawText, source: Window.Source, from: Timestamp, to: Timestamp, count: Int,
    isDrift: Bool, driftedShare: Double
  ) {
    self.detector = detector
    self.method = method
    self.source = source
    self.from = from
    self.to = to
    self.count = count
    self.isDrift = isDrift
    self.driftedShare = driftedShare
  }

  /// nil for a window that was not compared.
  public init?(_ window: Window) {
    guard let result = window.result else { return nil }
    self.init(
      detector: result.detector, method: result.method, source: result.source, from: window.from, to: window.to,
      count: window.count, isDrift: result.isDrift, driftedShare: result.driftedShare)
  }
}

/// How the case came before the analyst.
public struct SeenQueue: Hashable, Sendable {
  public var id: RawText
  /// `uncertain`, `drifted`, `outlying`, `random`, `mixed`.
  public var sampler: RawText
  /// What the sampler ranked it by.
  public var score: Double?
  /// The probability with which the case came into the queue, 0 to 1.
  public var propensity: Double?
  public var isBlind: Bool

  public init(id: RawText, sampler: RawText, score: Double? = nil, propensity: Double? = nil, isBlind: Bool = false) {
    self.id = id
    self.sampler = sampler
    self.score = score
    self.propensity = propensity
    self.isBlind = isBlind
  }
}
