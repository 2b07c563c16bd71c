internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

/// Records for analysts to review, each with the probability that it was drawn.
struct PublishQueue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Publish records for analysts to review.",
    discussion: """
      The file has a JSON object a line: inputs, as `mds infer` takes them, and whatever `mds cases import` reads beside: \
      what the model answered, why, the time, an id. Where a line has no answer, the analyst's tool asks the model. A \
      line may say with which probability it was drawn (propensity, over 0 and at most 1) and what it was ranked by \
      (score, 0 to 1); they come back with each judgement, so that an accuracy can be estimated without bias.

      Example:
        mds-collector publish queue week48.jsonl --model income-classifier --count 200 --seed 48 --blind \\
          --title "Week 48, an even sample" --to ana --database lab.sqlite
      """)

  @Argument(help: "The records, a JSON object a line.")
  var file: String

  @Option(help: "The model that they are records of.")
  var model: String

  @Option(help: "Its version; the newest that the service has without it.")
  var modelVersion: String?

  @Option(help: "The queue's name; the file's without the ending where none is given.")
  var name: String?

  @Option(help: "What analysts are told of it, in a line.")
  var title: String = ""

  @Option(help: "Draw so many of the records evenly; all without it.")
  var count: Int?

  @Option(help: "What the draw begins from: the same seed draws the same records.")
  var seed: UInt64 = 1

  @Option(help: "How the records were chosen, in a word that comes back with each judgement.")
  var sampler = "random"

  @Flag(help: "Hide the model's answer until the analyst's first.")
  var blind = false

  @Option(help: "When it is wanted, as 2026-12-04.")
  var due: String?

  @OptionGroup var recipients: Recipients
  @OptionGroup var database: DatabaseOption

  func validate() throws {
    guard name?.isEmpty != true else { throw ValidationError("--name is empty") }
    guard !model.isEmpty else { throw ValidationError("--model is empty") }
    guard !title.contains(where: \.isNewline) else { throw ValidationError("--title is one line") }
    if let count, count < 1 { throw ValidationError("--count is a number above 0") }
    if let due, Timestamp(due) == nil { throw ValidationError("--due is no day as 2026-12-04: \(due)") }
  }

  func run() throws {
    let model = ModelID(RawText(model), version: modelVersion.map { RawText($0) })
    var drawn: QueueDraw
    do {
      drawn = try QueueDraw(try PublishedFile.text(file, what: "a queue is a JSON object a line"), of: model)
    } catch let fault as QueueDraw.Fault {
      throw Unusable("\(file), \(fault)")
    }
    if let count {
      if count > drawn.population {
        StandardError.write(
          "\(file) has \(drawn.population) record\(drawn.population == 1 ? "" : "s"), not \(count): the queue has all")
      }
      drawn.draw(count, seed: seed)
    }
    guard !drawn.lines.isEmpty, drawn.lines.count <= QueueLine.most else {
      throw Unusable(
        "\(file) gives \(drawn.lines.count) records; a queue has 1 to \(QueueLine.most): --count draws fewer")
    }
    let opened = try database.open()
    defer { try? opened.close() }
    let bytes = drawn.bytes
    let queue = PublishedQueue(
      title: RawText(title), model: model, count: drawn.lines.count, population: drawn.population,
      sampler: RawText(sampler), isBlind: blind,
      due: due.flatMap { Timestamp($0) }, content: try BlobBook(opened).publish(bytes), bytes: bytes.count)
    let name = name ?? PublishedFile.name(of: file)
    let ids = try recipients.publish(.queue, name: name, try queue.canonicalBytes(), in: opened)
    try StandardOutput.write(
      "published \(StandardOutput.plain(name)): \(queue.count) of \(queue.population) records, \(bytes.count) bytes, for"
        + " \(recipients.words)")
    for line in recipients.lines(of: ids) { try StandardOutput.write(line) }
  }
}
