// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error.h"
#include "engine/features/megnet.h"
#include "engine/nn/activation.h"

#include <algorithm>

namespace engine {

namespace {

std::string_view nameOf(Rows rows)
{
    switch (rows) {
    case Rows::Atoms:
        return "atoms";
    case Rows::Bonds:
        return "bonds";
    case Rows::Structure:
        return "the structure";
    case Rows::Indices:
        break;
    }
    return "indices";
}

/// One layer of a network whose earlier layers are connected; all complaints carry its name.
class Connection {
public:
    Connection(Megnet &megnet, NetworkLayer &layer) : m_megnet(megnet), m_layer(layer) {}

    void connect()
    {
        for (const auto &[source, output] : m_layer.inputs)
            if (source < 0 || &m_megnet.layers[source] >= &m_layer || output < 0 ||
                output > (m_megnet.layers[source].kind == "MEGNetLayer" ? 2 : 0))
                fail("its inputs are not outputs of earlier layers");
        if (m_layer.kind == "InputLayer")
            connectInput();
        else if (m_layer.kind == "Embedding")
            connectEmbedding();
        else if (m_layer.kind == "Dense")
            connectDense();
        else if (m_layer.kind == "MEGNetLayer")
            connectBlock();
        else if (m_layer.kind == "Set2Set")
            connectSet2Set();
        else if (m_layer.kind == "Add")
            connectAdd();
        else if (m_layer.kind == "Concatenate")
            connectConcatenate();
        else if (m_layer.kind == "Dropout")
            set(rowsOf(one()), widthOf(one()));
        else
            fail("layers of kind " + m_layer.kind + " are not known");
    }

private:
    [[noreturn]] void fail(const std::string &what) const { throw Error("layer \"" + m_layer.name + "\": " + what); }

    void set(Rows rows, int width)
    {
        m_layer.rows = rows;
        m_layer.width = width;
    }

    using Input = std::pair<int, int>;
    Input one() const
    {
        if (m_layer.inputs.empty())
            fail("it has no input");
        return m_layer.inputs.front();
    }
    Rows rowsOf(const Input &input) const
    {
        const NetworkLayer &source = m_megnet.layers[input.first];
        return source.kind == "MEGNetLayer" ? std::array{Rows::Atoms, Rows::Bonds, Rows::Structure}[input.second]
                                            : source.rows;
    }
    int widthOf(const Input &input) const { return m_megnet.layers[input.first].width; }

    void checkRows(const Input &input, Rows expected) const
    {
        if (rowsOf(input) != expected)
            fail("works on " + std::string(nameOf(expected)) + " but is given " + std::string(nameOf(rowsOf(input))));
    }

    const Matrix &array(const std::string &name) const { return arrayOf(m_megnet.weights, m_layer.name + "/" + name); }
    void checkShape(const std::string &name, Eigen::Index rows, Eigen::Index cols) const
    {
        const Matrix &a = array(name);
        if (a.rows() != rows || a.cols() != cols)
            fail(name + " is " + std::to_string(a.rows()) + " × " + std::to_string(a.cols()) + " instead of " +
                 std::to_string(rows) + " × " + std::to_string(cols));
    }
    /// Checks kernel and bias for inputs of that width; returns the width of the output.
    int checkDense(const std::string &kernel, const std::string &bias, int width) const
    {
        const int out = int(array(kernel).cols());
        checkShape(kernel, width, out);
        checkShape(bias, 1, out);
        return out;
    }
    void checkActivation() const
    {
        if (!activationNamed(m_layer.activation))
            fail("the activation \"" + m_layer.activation + "\" is not known");
    }

    void connectInput()
    {
        if (m_layer.rows == Rows::Bonds)
            m_layer.width = int(m_megnet.basis.centres_A.size());
    }

    void connectEmbedding()
    {
        if (m_megnet.layers[one().first].kind != "InputLayer")
            fail("it looks up something other than the atomic numbers");
        checkRows(one(), Rows::Atoms);
        if (array("embeddings").rows() < 2)
            fail("the table has no elements");
        set(Rows::Atoms, int(array("embeddings").cols()));
    }

    void connectDense()
    {
        checkActivation();
        if (rowsOf(one()) == Rows::Indices || widthOf(one()) == 0)
            fail("its input are indices, not numbers");
        set(rowsOf(one()), checkDense("kernel", "bias", widthOf(one())));
    }

    /// Three perceptrons, the last without activation: e ← [v_i, v_j, e, u], v ← [mean e, v, u], u ← [mean e, mean v, u].
    void connectBlock()
    {
        checkActivation();
        if (m_layer.inputs.size() < 3)
            fail("a block needs atoms, bonds and the structure as inputs");
        const auto &in = m_layer.inputs;
        checkRows(in[0], Rows::Atoms);
        checkRows(in[1], Rows::Bonds);
        checkRows(in[2], Rows::Structure);
        const int v = widthOf(in[0]), e = widthOf(in[1]), u = widthOf(in[2]);
        const int outE = checkPerceptron("e", 2 * v + e + u);
        const int outV = checkPerceptron("v", outE + v + u);
        const int outU = checkPerceptron("u", outE + outV + u);
        if (outV != outE || outU != outE)
            fail("atoms, bonds and the structure leave it with different widths");
        set(Rows::Atoms, outV);
    }
    int checkPerceptron(const std::string &of, int width) const
    {
        for (const char *k : {"0", "1", "2"})
            width = checkDense("phi_" + of + "/weight_" + of + "_" + k, "phi_" + of + "/bias_" + of + "_" + k, width);
        return width;
    }

    void connectSet2Set()
    {
        if (rowsOf(one()) != Rows::Atoms && rowsOf(one()) != Rows::Bonds)
            fail("reads out neither atoms nor bonds");
        if (m_layer.steps < 1 || m_layer.steps > 1000)
            fail("the number of steps is " + std::to_string(m_layer.steps));
        const int h = checkDense("x_to_m_weight", "x_to_m_bias", widthOf(one()));
        checkShape("recurrent_kernel", 2 * h, 4 * h);
        checkShape("recurrent_bias", 1, 4 * h);
        set(Rows::Structure, 2 * h);
    }

    void connectAdd()
    {
        set(rowsOf(one()), widthOf(one()));
        for (const Input &input : m_layer.inputs)
            if (rowsOf(input) != m_layer.rows || widthOf(input) != m_layer.width)
                fail("its inputs differ in what they stand for or in width");
    }

    void connectConcatenate()
    {
        set(Rows::Structure, 0);
        for (const Input &input : m_layer.inputs) {
            checkRows(input, Rows::Structure);
            m_layer.width += widthOf(input);
        }
    }

    Megnet &m_megnet;
    NetworkLayer &m_layer;
};

}

int Megnet::blocks() const
{
    return int(
        std::count_if(layers.begin(), layers.end(), [](const NetworkLayer &l) { return l.kind == "MEGNetLayer"; }));
}

int Megnet::embeddingWidth() const
{
    const auto found =
        std::find_if(layers.begin(), layers.end(), [](const NetworkLayer &l) { return l.kind == "Embedding"; });
    return found == layers.end() ? 0 : found->width;
}

void connectLayers(Megnet &megnet)
{
    for (NetworkLayer &layer : megnet.layers)
        Connection(megnet, layer).connect();
    const auto embeddings = std::count_if(megnet.layers.begin(), megnet.layers.end(),
                                          [](const NetworkLayer &l) { return l.kind == "Embedding"; });
    if (embeddings != 1)
        throw Error("a crystal network has one embedding of the elements, this one has " + std::to_string(embeddings));
    if (megnet.output < 0 || megnet.output >= int(megnet.layers.size()))
        throw Error("the network has no output layer");
    const NetworkLayer &last = megnet.layers[megnet.output];
    if (last.kind == "MEGNetLayer" || last.rows != Rows::Structure || last.width != 1)
        throw Error("layer \"" + last.name + "\": the network's output is not one number per structure");
}

}
