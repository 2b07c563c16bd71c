import Domain
import Testing

@Suite("What outputs mean")
struct AnswerTests {
  private let empty = Signature(inputs: [], outputs: [])

  private func numbers(_ name: RawText, _ values: [Double]) -> Tensor {
    Tensor(name: name, datatype: .fp64, shape: [1, values.count], elements: .double(values))
  }

  private func text(_ name: RawText, _ value: RawText) -> Tensor {
    Tensor(name: name, datatype: .bytes, shape: [1, 1], elements: .bytes([value]))
  }

  private func whole(_ name: RawText, _ value: Int64) -> Tensor {
    Tensor(name: name, datatype: .int64, shape: [1, 1], elements: .signed([value]))
  }

  @Test("probabilities with published names are classes, in any order of the outputs")
  func named() {
    let signature = Signature(
      inputs: [],
      outputs: [
        TensorSpec(name: "p", datatype: .fp64, shape: [-1, 3], parameters: [.init("class_names", ["a", "b", "c"])])
      ])
    for outputs in [
      [numbers("p", [0.2, 0.7, 0.1]), whole("y", 2)], [whole("y", 2), numbers("p", [0.2, 0.7, 0.1])],
    ] {
      #expect(
        Prediction.answer(of: outputs, signature: signature)
          == .classes(
            [
              ClassScore(label: "a", probability: 0.2), ClassScore(label: "b", probability: 0.7),
              ClassScore(label: "c", probability: 0.1),
            ], chosen: 2))
    }
  }

  @Test("a label beside probabilities that have no names names the largest")
  func labelBeside() {
    let answer = Prediction.answer(
      of: [text("label", "virginica"), numbers("probabilities", [0.1, 0.2, 0.7])], signature: empty)
    #expect(
      answer
        == .classes(
          [
            ClassScore(label: "class 0", probability: 0.1), ClassScore(label: "class 1", probability: 0.2),
            ClassScore(label: "virginica", probability: 0.7),
          ], chosen: 2))
  }

  @Test("a text that came beside the published outputs names no class")
  func unpublished() {
    let signature = Signature(inputs: [], outputs: [TensorSpec(name: "p", datatype: .fp64, shape: [-1, 2])])
    let answer = Prediction.answer(of: [numbers("p", [0.3, 0.7]), text("ghost", "hi")], signature: signature)
    let classes = [ClassScore(label: "class 0", probability: 0.3), ClassScore(label: "class 1", probability: 0.7)]
    #expect(answer == .classes(classes, chosen: 1))
  }

  @Test("an integer beyond 2^53 is said as the model said it")
  func large() {
    let outputs = [whole("y", .max)]
    let answer = Prediction.answer(of: outputs, signature: empty)
    let prediction = Prediction(model: ModelID("m"), answer: answer, outputs: outputs)
    #expect(prediction.label == "9223372036854775807")
    let small = Prediction(model: ModelID("m"), answer: .value(41), outputs: [whole("y", 41)])
    #expect(small.label == "41" && small.wholeNumber == nil)
  }

  @Test("a vector that is no distribution is not taken for classes")
  func embedding() {
    #expect(Prediction.answer(of: [numbers("embedding", [0.3, -1.2, 4])], signature: empty) == .opaque)
    #expect(Prediction.answer(of: [numbers("p", [0.25, 0.75])], signature: empty) != .opaque)
  }

  @Test("a word is a label, a text that a model wrote is not")
  func texts() {
    #expect(
      Prediction.answer(of: [text("label", "late delivery")], signature: empty)
        == .classes([ClassScore(label: "late delivery")], chosen: 0))
    let prose: RawText = "Dear Sir, your parcel has left the port of Antwerp this morning and will be with you soon."
    #expect(Prediction.answer(of: [text("translation", prose)], signature: empty) == .opaque)
    #expect(Prediction.answer(of: [text("t", "two\nlines")], signature: empty) == .opaque)
  }

  @Test("one number is a value; of several the one with the usual name; of outputs without a pattern none")
  func values() {
    #expect(Prediction.answer(of: [numbers("x", [3.5])], signature: empty) == .value(3.5))
    #expect(
      Prediction.answer(of: [numbers("std", [0.1]), numbers("mean", [3.5])], signature: empty) == .value(3.5))
    #expect(Prediction.answer(of: [numbers("a", [1]), numbers("b", [2])], signature: empty) == .opaque)
    let flag = Tensor(name: "o", datatype: .bool, shape: [1, 1], elements: .bool([true]))
    #expect(Prediction.answer(of: [flag], signature: empty) == .opaque)
  }
}

@Suite("A number of single precision")
struct SingleAnswerTests {
  private func single(_ value: Float, _ datatype: Datatype = .fp32) -> Tensor {
    Tensor(name: "y", datatype: datatype, shape: [1, 1], elements: .single([value]))
  }

  @Test("is the number of its shortest text, as an analyst answers with it", arguments: [.fp32, .fp16] as [Datatype])
  func shortest(datatype: Datatype) {
    for (value, wanted) in [(12.3, 12.3), (-0.1, -0.1), (3, 3), (1e30, 1e30), (.infinity, .infinity)]
      as [(Float, Double)]
    {
      let answer = Prediction.answer(of: [single(value, datatype)], signature: Signature(inputs: [], outputs: []))
      #expect(answer == .value(wanted))
    }
  }

  @Test("answers as the case of before does, which has the digits of a double")
  func before() {
    func prediction(_ value: Double) -> Prediction {
      Prediction(model: ModelID("m"), answer: .value(value), outputs: [])
    }
    for value in [12.3, 123_456.7] as [Float] {
      let (now, before) = (prediction(Decimal.number(value)), prediction(Double(value)))
      #expect(now.answer != before.answer)
      #expect(now.answersAs(before) && before.answersAs(now))
      #expect(!now.answersAs(prediction(Double(value.nextUp))) && !before.answersAs(prediction(Double(value.nextUp))))
    }
    #expect(!prediction(12.3).answersAs(prediction(12.3.nextUp)))
  }
}

@Suite("A layered signature")
struct LayeredSignatureTests {
  private let service = Signature(
    inputs: [TensorSpec(name: "input", datatype: .fp32, shape: [-1, 2])],
    outputs: [TensorSpec(name: "p", datatype: .fp32, shape: [-1, 2])])

  @Test("takes from a later layer what it says and keeps the rest, and knows where each fact came from")
  func layers() {
    let catalogue = SignatureSupplement(
      layer: .catalogue,
      inputs: [
        TensorSupplement(
          name: "input", datatype: .fp64,
          parameters: [
            .init("feature_names", ["alcohol", "ash"]), .init("ranges", .array([.array([10, 15]), .array([1, 4])])),
          ])
      ],
      outputs: [TensorSupplement(name: "p", parameters: [.init("class_names", ["red", "white"])])],
      parameters: [.init("role", "predictor")])
    let local = SignatureSupplement(
      layer: .local, inputs: [TensorSupplement(name: "input", parameters: [.init("units", ["%", "g/l"])])])
    let layered = LayeredSignature(service: service, supplements: [catalogue, local])
    let signature = layered.signature
    #expect(signature.fields.map(\.name) == ["alcohol", "ash"])
    #expect(signature.fields.map(\.unit) == ["%", "g/l"])
    #expect(signature.fields[0].range == 10...15)
    #expect(signature.fields[0].layer == .catalogue)
    #expect(signature.inputs[0].datatype == .fp64)
    #expect(signature.classes == ["red", "white"])
    let origins = Dictionary(uniqueKeysWithValues: layered.origins(of: signature.fields[1]).map { ($0.fact, $0.layer) })
    #expect(
      origins == ["name": .catalogue, "type": .catalogue, "shape": .service, "unit": .local, "range": .catalogue])
  }

  @Test("calls a model's classes as a later layer does, where that names as many, also in an answer")
  func classes() {
    var service = service
    service.outputs[0].parameters = [.init("class_names", ["class_0", "class_1"])]
    func signature(_ names: JSON) -> Signature {
      let catalogue = SignatureSupplement(layer: .catalogue, parameters: [.init("class_names", names)])
      return LayeredSignature(service: service, supplements: [catalogue]).signature
    }
    func label(_ names: JSON) -> RawText? {
      let outputs = [Tensor(name: "p", datatype: .fp32, shape: [1, 2], elements: .single([0.25, 0.75]))]
      guard case .classes(let classes, let chosen) = Prediction.answer(of: outputs, signature: signature(names)) else {
        return nil
      }
      return classes[chosen].label
    }
    #expect(signature(["red", "white"]).classes == ["red", "white"] && label(["red", "white"]) == "white")
    let three: JSON = ["red", "white", "rosé"]
    #expect(signature(three).classes == ["class_0", "class_1"] && label(three) == "class_1")
  }

  @Test("makes a form where the service says nothing")
  func nothing() {
    let catalogue = SignatureSupplement(
      layer: .catalogue,
      inputs: [
        TensorSupplement(name: "goods", datatype: .bytes, parameters: [.init("categories", ["food", "textiles"])]),
        TensorSupplement(name: "weight", datatype: .fp64, parameters: [.init("optional", true)]),
        TensorSupplement(name: "unknown"),
      ])
    let signature = LayeredSignature(service: Signature(inputs: [], outputs: []), supplements: [catalogue]).signature
    #expect(signature.fields.map(\.name) == ["goods", "weight"])
    #expect(signature.fields[0].kind == .category(["food", "textiles"]))
    #expect(signature.fields.map(\.isOptional) == [false, true])
    #expect(signature.fields[1].value(of: " ") == .success(.missing))
  }

  @Test("leaves out of a record what is optional and was not given")
  func optional() throws {
    let signature = Signature(
      inputs: [
        TensorSpec(name: "a", datatype: .fp64, shape: [-1, 1]),
        TensorSpec(name: "b", datatype: .int32, shape: [-1, 1], parameters: [.init("optional", true)]),
      ], outputs: [])
    #expect(try signature.record(of: [.number(1), .missing]).tensors.map(\.name) == ["a"])
    #expect(try signature.record(of: [.number(1), .integer(2)]).tensors.map(\.name) == ["a", "b"])
  }
}

@Suite("The newest version")
struct NewestVersionTests {
  private func model(_ version: RawText?, _ state: ModelState = .ready) -> Model {
    Model(id: ModelID("iris", version: version), state: state)
  }

  @Test("is the highest number that is ready, whatever the order of the list")
  func newest() {
    #expect(Model.newest(of: [model("9"), model("10"), model("2")])?.id.version == "10")
    #expect(Model.newest(of: [model("9"), model("10", .failed)])?.id.version == "9")
    #expect(Model.newest(of: [model("1", .failed), model("2", .failed)])?.id.version == "2")
    #expect(Model.newest(of: [model(nil), model("1")])?.id.version == "1")
    #expect(Model.newest(of: []) == nil)
  }
}
