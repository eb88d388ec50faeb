package com.example.exports;

import com.opencsv.CSVWriter;
import java.io.IOException;
import java.io.StringWriter;
import javax.servlet.http.HttpServletRequest;
import org.apache.commons.csv.CSVPrinter;
import org.apache.poi.ss.usermodel.Cell;

public class Export {
    void opencsv(HttpServletRequest request, CSVWriter writer) {
        String[] row = {"name", request.getParameter("name")};
        // ruleid: java.injection.csv-formula-from-request
        writer.writeNext(row);
    }

    void commons(HttpServletRequest request, CSVPrinter printer) throws IOException {
        // ruleid: java.injection.csv-formula-from-request
        printer.printRecord("name", request.getParameter("name"));
        // ok: java.injection.csv-formula-from-request
        printer.printRecord("age", Integer.parseInt(request.getParameter("age")));
        // ok: java.injection.csv-formula-from-request
        printer.printRecord("name", escapeCell(request.getParameter("name")));
    }

    void formula(HttpServletRequest request, Cell cell) {
        fill(cell, "SUM(A1:A" + request.getParameter("last") + ")");
    }

    private void fill(Cell cell, String formula) {
        // ruleid: java.injection.csv-formula-from-request
        cell.setCellFormula(formula);
    }

    void value(HttpServletRequest request, Cell cell) {
        // ok: java.injection.csv-formula-from-request
        cell.setCellValue(request.getParameter("name"));
    }

    private String escapeCell(String value) {
        return value.matches("(?s)^[=+\\-@].*") ? "'" + value : value;
    }
}
