package toro.check;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** For what shows test results: a failed test case for each broken link. */
final class JUnitReport {
  private JUnitReport() {}

  static String write(Report report) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "links of " + clean(String.join(", ", report.starts())));
      xml.writeAttribute("tests", Integer.toString(report.links() + report.failures().size()));
      xml.writeAttribute(
          "failures", Integer.toString(report.broken().size() + report.failures().size()));
      xml.writeAttribute(
          "time", String.format(Locale.ROOT, "%.3f", report.took().toMillis() / 1000.0));
      for (var failure : report.failures().entrySet()) {
        writeCase(xml, failure.getKey(), failure.getValue(), "");
      }
      for (var broken : report.broken()) {
        writeCase(
            xml, broken.link(), broken.reason(), "on " + String.join("\non ", broken.pages()));
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  private static void writeCase(XMLStreamWriter xml, String link, String reason, String pages)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "links");
    xml.writeAttribute("name", clean(link));
    xml.writeStartElement("failure");
    xml.writeAttribute("message", clean(reason));
    xml.writeCharacters(clean(pages));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  /** Replaces what XML cannot express. */
  private static String clean(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
  }
}
