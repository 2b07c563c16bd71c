public import Domain

/// What a Prometheus answers to a query: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
public enum MetricValue: Hashable, Sendable {
  /// One number for each set of labels.
  case vector([MetricSample])
  /// Numbers over time for each set of labels.
  case matrix([MetricSeries])
  case scalar(MetricPoint)
  case string(RawText, at: Timestamp)
}

/// A number at a time. NaN is a real answer: 0/0, or a quantile of nothing.
public struct MetricPoint: Hashable, Sendable {
  public var at: Timestamp
  public var value: Double

  public init(at: Timestamp, value: Double) {
    self.at = at
    self.value = value
  }

  public static func == (left: MetricPoint, right: MetricPoint) -> Bool {
    left.at == right.at && left.value.bitPattern == right.value.bitPattern
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(at)
    hasher.combine(value.bitPattern)
  }
}

/// What a number is of: labels by name, in the server's order.
public struct MetricSample: Hashable, Sendable {
  public var labels: [MetricLabel]
  public var point: MetricPoint
}

public struct MetricSeries: Hashable, Sendable {
  public var labels: [MetricLabel]
  public var points: [MetricPoint]
}

public struct MetricLabel: Hashable, Sendable {
  public var name: RawText
  public var value: RawText
}

/// Why a Prometheus gave no value.
public enum PrometheusError: Error, Hashable, Sendable {
  /// Its own words: `bad_data`, `execution`, `timeout`, …, and what was wrong.
  case refused(type: RawText, RawText)
  /// What came is text or a web page, not its API: another server, a proxy, a path that is not there.
  case foreign(RawText)
  /// JSON that is none of its answers: where, and what is expected.
  case unexpected(String)
}

extension MetricValue {
  /// The first number, where there is one: of a query that adds everything up.
  public var number: Double? {
    switch self {
    case .vector(let samples): samples.first?.point.value
    case .scalar(let point): point.value
    case .matrix, .string: nil
    }
  }

  /// Reads the answer to a query.
  public init(decoding body: [UInt8]) throws(PrometheusError) {
    let data = try MetricValue.data(decoding: body)
    guard let type = data["resultType"]?.string, let result = data["result"] else {
      throw .unexpected("data: resultType and result are expected")
    }
    switch type {
    case "vector":
      self = .vector(
        try MetricValue.list(result) { (json) throws(PrometheusError) in
          MetricSample(labels: try MetricValue.labels(json["metric"]), point: try MetricValue.point(json["value"]))
        })
    case "matrix":
      self = .matrix(
        try MetricValue.list(result) { (json) throws(PrometheusError) in
          guard let values = json["values"] else { throw .unexpected("result: values are expected") }
          return MetricSeries(
            labels: try MetricValue.labels(json["metric"]), points: try MetricValue.list(values, MetricValue.point))
        })
    case "scalar": self = .scalar(try MetricValue.point(result))
    case "string":
      guard let at = result[0]?.number, let text = result[1]?.text else {
        throw .unexpected("result: a time and a string are expected")
      }
      self = .string(text, at: try MetricValue.time(at))
    default: throw .unexpected("data.resultType: \(type) is not known")
    }
  }

  /// The `data` of any answer of the API.
  public static func data(decoding body: [UInt8]) throws(PrometheusError) -> JSON {
    guard let json = try? JSON(parsing: body) else { throw .foreign(ErrorText.of(body)) }
    switch json["status"]?.string {
    case "success":
      guard let data = json["data"] else { throw .unexpected("data is missing") }
      return data
    case "error": throw .refused(type: json["errorType"]?.text ?? "", json["error"]?.text ?? "")
    default: throw .unexpected("status: success or error is expected")
    }
  }

  private static func list<Element>(
    _ json: JSON, _ element: (JSON) throws(PrometheusError) -> Element
  ) throws(PrometheusError) -> [Element] {
    guard let array = json.array else { throw .unexpected("a list is expected") }
    var elements: [Element] = []
    for value in array { elements.append(try element(value)) }
    return elements
  }

  private static func labels(_ json: JSON?) throws(PrometheusError) -> [MetricLabel] {
    guard let members = json?.members else { throw .unexpected("metric: an object is expected") }
    return members.map { MetricLabel(name: $0.key, value: $0.value.text ?? "") }
  }

  /// `[seconds, "number"]`; numbers are strings so that NaN, +Inf and -Inf can be among them.
  private static func point(_ json: JSON?) throws(PrometheusError) -> MetricPoint {
    guard let at = json?[0]?.number, let value = json?[1]?.string.flatMap({ Double($0) }) else {
      throw .unexpected("a time and a number are expected")
    }
    return MetricPoint(at: try time(at), value: value)
  }

  private static func time(_ seconds: Double) throws(PrometheusError) -> Timestamp {
    guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else {
      throw .unexpected("a time is expected")
    }
    return Timestamp(microseconds: microseconds)
  }
}
