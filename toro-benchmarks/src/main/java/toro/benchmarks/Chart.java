package toro.benchmarks;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The results as a picture: a group of horizontal bars a row, a bar a contender, on a logarithmic
 * scale. It is written as SVG, which needs no fonts to be there. It has a background of its own, so
 * that it can be read on any page.
 */
final class Chart {
  private static final int WIDTH = 1000;
  private static final int LEFT = 300;
  private static final int RIGHT = 70;
  private static final int TOP = 110;
  private static final int BOTTOM = 40;
  private static final int BAR = 9;
  private static final int GAP = 12;

  private static final String INK = "#24292f";
  private static final String FAINT = "#d0d7de";

  private static final List<String> COLORS =
      List.of(
          "#f28e2b", "#c1272d", "#7f52ff", "#2a9d8f", "#1f6feb", "#8c6d46", "#a15fa8", "#8b949e",
          "#24292f");

  private final Board board;
  private final Results results;
  private final List<Row> rows;
  private final int lowest; // decades of the scale
  private final int highest;

  Chart(Board board, Results results) {
    this.board = board;
    this.results = results;
    this.rows = results.rows(board);
    this.lowest = (int) Math.floor(exponents().min().orElse(0));
    this.highest = Math.max(lowest + 1, (int) Math.ceil(exponents().max().orElse(1)));
  }

  private DoubleStream exponents() {
    return rows.stream()
        .flatMap(row -> bars(row).stream())
        .mapToDouble(result -> Math.log10(Math.max(result.score(), 0.1)));
  }

  private List<Result> bars(Row row) {
    return board.contenders().stream()
        .map(contender -> results.of(row, contender))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The picture. */
  String svg() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      write(xml);
      xml.close();
    } catch (XMLStreamException failure) {
      throw new IllegalStateException(failure); // a string takes everything
    }
    return text + "\n";
  }

  private void write(XMLStreamWriter xml) throws XMLStreamException {
    int height = TOP + BOTTOM + rows.stream().mapToInt(this::height).sum();
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attribute(xml, "viewBox", "0 0 " + WIDTH + " " + height);
    attribute(xml, "font-family", "system-ui, sans-serif");
    attribute(xml, "role", "img");
    xml.writeStartElement("title");
    xml.writeCharacters(title());
    xml.writeEndElement();
    rectangle(xml, 0, 0, WIDTH, height, "#ffffff");
    text(xml, 20, 32, 20, "start", title());
    legend(xml);
    scale(xml, height);
    int y = TOP;
    for (Row row : rows) {
      group(xml, row, y);
      y += height(row);
    }
    xml.writeEndElement();
  }

  private static String title() {
    return "An operation: nanoseconds (or bytes), logarithmic; shorter is better";
  }

  private void legend(XMLStreamWriter xml) throws XMLStreamException {
    int x = 20;
    for (String contender : board.contenders()) {
      rectangle(xml, x, 52, 12, 12, color(contender));
      text(xml, x + 16, 63, 13, "start", contender);
      x += 40 + 7 * contender.length();
    }
  }

  private String color(String contender) {
    return COLORS.get(board.contenders().indexOf(contender));
  }

  private void scale(XMLStreamWriter xml, int height) throws XMLStreamException {
    for (int decade = lowest; decade <= highest; decade++) {
      double x = x(Math.pow(10, decade));
      rectangle(xml, x, TOP - 10, 1, height - TOP - BOTTOM + 10, FAINT);
      String label =
          decade < 0
              ? String.format(Locale.ROOT, "%." + -decade + "f", Math.pow(10, decade))
              : String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade));
      text(xml, x, TOP - 16, 11, "middle", label);
      text(xml, x, height - BOTTOM + 16, 11, "middle", label);
    }
  }

  private int height(Row row) {
    return bars(row).size() * BAR + GAP;
  }

  private void group(XMLStreamWriter xml, Row row, int top) throws XMLStreamException {
    List<Result> bars = bars(row);
    double middle = top + bars.size() * BAR / 2.0 + 4;
    text(xml, LEFT - 10, middle, 12, "end", row.title() + unit(row));
    int y = top;
    for (Result bar : bars) {
      double end = x(bar.score());
      rectangle(xml, LEFT, y, end - LEFT, BAR - 1, color(bar.contender()));
      text(xml, end + 4, y + BAR - 1.5, 9, "start", Table.number(bar.score()));
      y += BAR;
    }
  }

  private static String unit(Row row) {
    return row.unit() == Row.Unit.BYTES ? " (bytes)" : "";
  }

  private double x(double value) {
    double part = (Math.log10(Math.max(value, 0.1)) - lowest) / (highest - lowest);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private static void rectangle(
      XMLStreamWriter xml, double x, double y, double width, double height, String color)
      throws XMLStreamException {
    xml.writeEmptyElement("rect");
    attribute(xml, "x", number(x));
    attribute(xml, "y", number(y));
    attribute(xml, "width", number(Math.max(1, width)));
    attribute(xml, "height", number(height));
    attribute(xml, "fill", color);
  }

  private static void text(
      XMLStreamWriter xml, double x, double y, int size, String anchor, String text)
      throws XMLStreamException {
    xml.writeStartElement("text");
    attribute(xml, "x", number(x));
    attribute(xml, "y", number(y));
    attribute(xml, "font-size", String.valueOf(size));
    attribute(xml, "text-anchor", anchor);
    attribute(xml, "fill", INK);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, value);
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
