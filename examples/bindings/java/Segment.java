// SPDX-License-Identifier: BSD-2-Clause
// What a picture shows, and how sure the network is of it: java -cp segent.jar:jna.jar Segment.java MODEL PICTURE
import java.nio.file.Path;
import java.util.Locale;
import org.segent.ClassStatistics;
import org.segent.Context;
import org.segent.Model;
import org.segent.Result;
import org.segent.SegentException;

public class Segment {
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("MODEL PICTURE");
            System.exit(1);
        }
        try (Context context = new Context();
                Model model = context.loadModel(Path.of(arguments[0]));
                Result result = context.run(model, Path.of(arguments[1]))) {
            System.out.printf("%s, %d classes%n", model.architecture(), model.classes());
            System.out.printf(Locale.ROOT, "image entropy %.3f, mean %.6f%n", result.summary().sum(), result.summary().mean());
            for (ClassStatistics found : result.statistics()) {
                if (found.pixels() > 0) {
                    System.out.printf("%s: %d pixels%n", model.classNames().get(found.id()), found.pixels());
                }
            }
        } catch (SegentException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }
}
