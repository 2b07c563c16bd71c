public import Alibi
public import Domain
public import OpenInference
public import Transport

/// Why a deployment service gave no usable answer.
public enum DeploymentError: Error, Hashable, Sendable {
  case transport(TransportError)
  /// A status other than 2xx, with the server's own words.
  case refused(status: Int, message: RawText, target: String)
  /// An answer that is no Open Inference Protocol.
  case unreadable(OpenInferenceError, target: String)
  case unexplained(AlibiError, target: String)
  /// A 200 with a page or another body that is no protocol answer.
  case foreign(contentType: String, target: String)
  /// Rows that came back are not the rows that were sent.
  case rowCount(Int, expected: Int, target: String)
}

extension DeploymentError {
  /// The failure as it is said to a person; a request that failed is never sent again by itself.
  public var problem: Problem {
    switch self {
    case .transport(let error):
      return Problem(error.description, advice: "R tries again; what is here stays readable without the service.")
    case .refused(let status, let message, let target):
      let advice: String
      switch status {
      case 400, 422: advice = "The service names what does not fit; edit the input and send it again."
      case 401, 403: advice = "The token of this context is missing, expired or not allowed to do this."
      case 404: advice = "The model may have been unloaded or renamed: R reads the list anew."
      case 500...: advice = "Servers answer 500 to many input mistakes; the same request would fail again."
      default: advice = ""
      }
      return Problem(
        "\(target) answered \(status), not retried: \(Self.firstLine(message.string))", advice: advice,
        detail: "HTTP \(status) from \(target)\n\(message.string)")
    case .unreadable(let error, let target):
      return Problem(
        "The answer of \(target) is no Open Inference answer", advice: "The input is kept; nothing was recorded.",
        detail: error.description)
    case .unexplained(let error, let target):
      return Problem("The answer of \(target) could not be read as an explanation", detail: error.text)
    case .foreign(let contentType, let target):
      return Problem(
        "\(target) answered with \(contentType.isEmpty ? "an unknown type" : contentType) where JSON was expected",
        advice: "A proxy or a login page may stand before the service: check the context's URL.")
    case .rowCount(let count, let expected, let target):
      return Problem("\(target) answered \(count) rows for \(expected): none was used")
    }
  }

  private static func firstLine(_ text: String) -> String {
    String(text.split(whereSeparator: \.isNewline).first?.prefix(200) ?? "no reason given")
  }
}
