// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.segent.jna.LibSegent;

/** Tests of the package: java org.segent.SegentTest MODEL PICTURE. Each public method without parameters is one. */
public class SegentTest {
    private static Path modelPath;
    private static Path picturePath;

    private final Context context = new Context(new ContextOptions().threads(1));

    // ---- what tests say ----

    private interface Action {
        void run() throws Exception;
    }

    private static void isTrue(boolean holds, Object... about) {
        if (!holds) {
            throw new AssertionError(Arrays.toString(about));
        }
    }

    private static void equal(Object found, Object expected) {
        isTrue(found.equals(expected), found, "not", expected);
    }

    private static void close(double found, double expected, double tolerance) {
        isTrue(Math.abs(found - expected) <= tolerance, found, "not", expected);
    }

    private static <T extends Throwable> T fails(Class<T> kind, Action action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            isTrue(kind.isInstance(thrown), thrown);
            return kind.cast(thrown);
        }
        throw new AssertionError("no failure");
    }

    private static void status(int expected, Action action) {
        SegentException failure = fails(SegentException.class, action);
        isTrue(failure.status() == expected && !failure.getMessage().isEmpty() && !failure.statusName().isEmpty(), failure, failure.status());
    }

    /** Collects garbage until a reference is free, for two seconds at most. */
    private static boolean isFreed(Handle.Reference reference) throws InterruptedException {
        for (int i = 0; i < 40 && !reference.isFree(); i++) {
            System.gc();
            Thread.sleep(50);
        }
        return reference.isFree();
    }

    private static boolean survives(Handle.Reference reference) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return !reference.isFree();
    }

    /** Two pixels of three classes: all alike, and one without doubt. */
    private static Tensor logits() {
        return Tensor.of(new float[] {0.5f, 0, 0.5f, 200, 0.5f, 0}, 3, 1, 2);
    }

    private Model model() {
        return context.loadModel(modelPath);
    }

    // ---- the caller's own buffers ----

    public void softmaxEntropyArgmaxSumsAndColours() {
        Tensor probabilities = context.softmax(logits());
        close(probabilities.get(0, 0, 0), 1.0 / 3, 1e-6);
        close(probabilities.get(1, 0, 1), 1, 1e-6);
        for (FloatMap map : List.of(context.entropy(logits()), context.entropy(probabilities, new EntropyOptions().source(Source.PROBABILITIES)))) {
            close(map.get(0, 0), 1, 1e-6);
            close(map.get(0, 1), 0, 1e-6);
        }
        FloatMap nats = context.entropy(logits(), new EntropyOptions().unit(Unit.NATS));
        close(nats.toArray()[0], Math.log(3), 1e-6);
        LabelMap labels = context.argmax(logits());
        isTrue(labels.get(0, 0) == 0 && labels.get(0, 1) == 1);
        Summary sums = context.imageEntropy(nats, labels); // the second pixel is left out
        isTrue(sums.pixels() == 1);
        close(sums.mean(), Math.log(3), 1e-6);
        ByteBuffer colours = context.decodePalette(labels).data();
        isTrue(colours.get(0) == 0 && (colours.get(3) & 0xFF) == 128 && colours.get(4) == 0);
        Tensor inPlace = logits();
        context.softmax(inPlace, inPlace);
        equal(inPlace.data(), probabilities.data());
    }

    public void layoutsPositionsAndManyClasses() {
        FloatBuffer padded = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder()).asFloatBuffer();
        padded.put(new float[] {9, 9, 0.5f, 0.5f, 0.5f, 9, 0, 200, 0, 9}).position(2);
        FloatMap found = context.entropy(new Tensor(padded.slice(), 3, 1, 2, 1, 8, 4));
        equal(found.data(), context.entropy(logits()).data());
        equal(context.entropy(new Tensor(padded, 3, 1, 2, 1, 8, 4)).data(), found.data());
        Tensor last = Tensor.of(new float[300], 300, 1, 1);
        last.data().put(299, 1);
        isTrue(context.argmax(last).get(0, 0) == 299);
        Maps maps = new Maps(3, 4, LabelMap.allocate(3, 4), FloatMap.allocate(3, 4));
        Summary sums = context.fromLogits(logits(), maps, 1);
        isTrue(sums.pixels() == 12 && maps.labels().get(2, 3) == 1);
    }

    public void whatIsTooSmallOrUnfitIsRefusedBeforeCSeesIt() {
        FloatBuffer data = logits().data();
        Class<IllegalArgumentException> refused = IllegalArgumentException.class;
        fails(refused, () -> context.entropy(Tensor.chw(data, 3, 1, 3)));
        fails(refused, () -> context.entropy(Tensor.chw(data, 3, 0, 2)));
        fails(refused, () -> context.entropy(new Tensor(data, 3, 1, 2, 3, 2, 1)));
        fails(refused, () -> context.entropy(new Tensor(data, 3, 1, 2, -2, 2, 1)));
        fails(ArithmeticException.class, () -> context.entropy(new Tensor(data, 3, 1, 2, Long.MAX_VALUE, 2, 1)));
        fails(refused, () -> context.entropy(Tensor.chw(FloatBuffer.allocate(6), 3, 1, 2)));
        ByteOrder other = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        fails(refused, () -> context.entropy(Tensor.chw(ByteBuffer.allocateDirect(24).order(other).asFloatBuffer(), 3, 1, 2)));
        fails(refused, () -> context.softmax(logits(), Tensor.chw(data.asReadOnlyBuffer(), 3, 1, 2)));
        fails(refused, () -> new Pixels(ByteBuffer.allocateDirect(12), PixelFormat.RGB, 2, 2, 5));
        fails(refused, () -> context.image(new Pixels(ByteBuffer.allocateDirect(11), PixelFormat.RGB, 2, 2)));
        Tensor nan = logits();
        nan.data().put(2, Float.NaN);
        status(LibSegent.SEGENT_ERROR_NOT_FINITE, () -> context.softmax(nan));
    }

    // ---- models, pictures, runs ----

    public void aModelSaysWhatItIs() throws Exception {
        try (Model model = model()) {
            isTrue(model.classNames().size() == model.classes() && model.parameters() > 0 && !model.architecture().isEmpty());
            equal(model.property("size").orElseThrow(), String.valueOf(model.size()));
            isTrue(model.property("no such thing").isEmpty());
            List<String> names = IntStream.range(0, model.classes()).mapToObj(id -> "Klasse \u00fc " + id).toList();
            ModelOptions options = new ModelOptions().examineOnly(true).classNames(names).settings("size=97; rates=1,2,3");
            Model named = context.loadModel(Files.readAllBytes(modelPath), options);
            equal(named.classNames(), names);
            equal(named.property("rates").orElseThrow(), "1,2,3");
            isTrue(named.size() == 97 && model.palette().isEmpty());
            String colours = String.join(",", Collections.nCopies(model.classes(), "#010203"));
            byte[] palette = context.loadModel(modelPath, new ModelOptions().examineOnly(true).settings("palette=" + colours)).palette().orElseThrow();
            isTrue(palette.length == 3 * model.classes() && palette[3] == 1 && palette[5] == 3);
            Pixels decoded = new Pixels(ByteBuffer.allocateDirect(6), PixelFormat.RGB, 1, 2);
            context.decodePalette(context.argmax(logits()), palette, decoded);
            isTrue(decoded.data().get(3) == 1 && decoded.data().get(4) == 2);
            fails(SegentException.class, () -> context.run(named, picturePath));
        }
    }

    public void labelsEntropySumsAndStatisticsAgree() {
        try (Model model = model(); Result result = context.run(model, picturePath)) {
            double sum = 0;
            long[] counted = new long[result.classes()];
            LabelMap labels = result.labels();
            FloatMap entropy = result.entropy();
            for (int y = 0; y < result.height(); y++) {
                for (int x = 0; x < result.width(); x++) {
                    sum += entropy.get(y, x);
                    counted[labels.get(y, x)]++;
                }
            }
            close(sum / result.summary().sum(), 1, 1e-9);
            equal(result.statistics().stream().map(ClassStatistics::pixels).toList(), Arrays.stream(counted).boxed().toList());
            isTrue(result.timings().network() > 0 && result.margin().isEmpty() && result.auxiliaryLogits().isEmpty());
            Maps maps = new Maps(result.height(), result.width(), LabelMap.allocate(result.height(), result.width()), null);
            Summary again = context.fromLogits(result.logits(), maps, model.temperature());
            isTrue(again.sum() == result.summary().sum());
            equal(maps.labels().data(), labels.data());
        }
    }

    public void aModelOfBfloat16HasNearlyTheSameLabels() {
        try (Model model = model();
                Model half = context.loadModel(modelPath, new ModelOptions().precision(Precision.BF16));
                Result full = context.run(model, picturePath);
                Result result = context.run(half, picturePath)) {
            isTrue(half.precision() == Precision.BF16 && model.precision() == Precision.F32);
            int equal = 0;
            for (int y = 0; y < full.height(); y++) {
                for (int x = 0; x < full.width(); x++) {
                    equal += result.labels().get(y, x) == full.labels().get(y, x) ? 1 : 0;
                }
            }
            isTrue(100L * equal > 98L * full.height() * full.width() && result.summary().sum() != full.summary().sum());
            status(LibSegent.SEGENT_ERROR_INVALID_ARGUMENT, () -> context.run(model, picturePath, new RunOptions().precision(Precision.BF16)).close());
        }
    }

    public void aPictureAsFileBytesPixelsAndBufferedImageGivesTheSame() throws Exception {
        RunOptions options = new RunOptions().size(64).outputSize(OutputSize.ORIGINAL).engine(Engine.EXACT)
            .keep(RunOptions.Keep.MARGIN, RunOptions.Keep.PROBABILITIES);
        try (Model model = model(); Image image = context.loadImage(picturePath)) {
            byte[] png = new byte[context.encodePng(image).remaining()];
            context.encodePng(image).get(png); // without loss, unlike JPEG, which readers round in several ways
            BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
            BufferedImage coloured = new BufferedImage(read.getWidth(), read.getHeight(), BufferedImage.TYPE_INT_ARGB);
            coloured.setRGB(0, 0, read.getWidth(), read.getHeight(), read.getRGB(0, 0, read.getWidth(), read.getHeight(), null, 0, read.getWidth()), 0,
                read.getWidth());
            BufferedImage larger = new BufferedImage(read.getWidth() + 5, read.getHeight() + 3, BufferedImage.TYPE_3BYTE_BGR);
            larger.getRaster().setRect(2, 1, read.getRaster());
            BufferedImage part = larger.getSubimage(2, 1, read.getWidth(), read.getHeight());
            Pixels pixels = new Pixels(image.pixels(), PixelFormat.RGB, image.height(), image.width());
            double expected = context.run(model, picturePath, options).summary().sum();
            for (Image one : List.of(image, context.loadImage(png, new ImageOptions()), context.image(pixels), context.image(read),
                    context.image(coloured), context.image(part))) {
                equal(one.pixels(), image.pixels());
                Result result = context.run(model, one, options);
                isTrue(result.width() == image.width() && result.height() == image.height());
                isTrue(result.summary().sum() == expected);
                isTrue(result.margin().isPresent() && result.probabilities().orElseThrow().channels() == model.classes());
            }
            BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
            grey.getRaster().setSample(1, 1, 0, 77);
            isTrue(context.image(grey).pixels().get((3 + 1) * 3) == 77);
        }
    }

    public void runIntoReadsAndWritesBuffersOfTheCaller() {
        try (Model model = model(); Image image = context.loadImage(picturePath)) {
            RunOptions options = new RunOptions().outputSize(OutputSize.ORIGINAL);
            Result expected = context.run(model, image, options);
            Pixels pixels = new Pixels(image.pixels(), PixelFormat.RGB, image.height(), image.width());
            Maps maps = new Maps(image.height(), image.width(), LabelMap.allocate(image.height(), image.width()),
                FloatMap.allocate(image.height(), image.width()));
            isTrue(context.runInto(model, pixels, maps, options).sum() == expected.summary().sum());
            equal(maps.labels().data(), expected.labels().data());
            equal(maps.entropy().data(), expected.entropy().data());
            Maps small = new Maps(64, 64, LabelMap.allocate(64, 64), null);
            isTrue(context.runInto(model, Tensor.allocate(3, 64, 64), small, new RunOptions()).pixels() == 64 * 64);
        }
    }

    public void failuresHaveAStatusAndASentence() {
        SegentException missing = fails(SegentException.class, () -> context.loadModel(Path.of("/no/such/model")));
        isTrue(missing.status() == 41 && missing.getMessage().contains("/no/such/model"), missing);
        status(LibSegent.SEGENT_ERROR_FORMAT, () -> context.loadImage(new byte[] {1, 2, 3}, new ImageOptions()));
        status(LibSegent.SEGENT_ERROR_INVALID_ARGUMENT, () -> new Context(new ContextOptions().threads(-1)));
        Context closed = new Context();
        closed.close();
        closed.close();
        fails(IllegalStateException.class, () -> closed.loadImage(picturePath));
        Model gone = context.loadModel(modelPath, new ModelOptions().examineOnly(true));
        gone.close();
        fails(IllegalStateException.class, () -> context.run(gone, picturePath));
        equal(Segent.version(), Segent.version());
        isTrue(!Segent.supports("no such thing"));
    }

    // ---- callbacks and threads ----

    public void whatCallbacksThrowComesOutOfTheCall() throws Exception {
        try (Model model = model(); Image image = context.loadImage(picturePath)) {
            List<Double> seen = new ArrayList<>();
            context.run(model, image, new RunOptions().progress(seen::add));
            isTrue(seen.size() > 3 && seen.equals(seen.stream().sorted().toList()));
            IllegalStateException thrown = new IllegalStateException("of the progress function");
            isTrue(fails(IllegalStateException.class, () -> context.run(model, image, new RunOptions().progress(done -> {
                throw thrown;
            }))) == thrown);
            context.run(model, image).close();
        }
        Path settings = Files.createTempFile("segent", ".json");
        Files.writeString(settings, "{\"std\": [0.2, 0.2, 0.2]}");
        ModelOptions options = new ModelOptions().settingsFile(settings.toString()).examineOnly(true);
        List<String> lines = new ArrayList<>();
        try (Context telling = new Context(new ContextOptions().log((level, line) -> lines.add(level + ": " + line)))) {
            System.gc(); // C alone has the address of the log function
            telling.loadModel(modelPath, options).close();
            isTrue(lines.stream().anyMatch(line -> line.startsWith("INFO: " + settings)), lines);
        }
        UnsupportedOperationException thrown = new UnsupportedOperationException("of the log");
        try (Context failing = new Context(new ContextOptions().log((level, line) -> {
            throw thrown;
        }))) {
            isTrue(fails(UnsupportedOperationException.class, () -> failing.loadModel(modelPath, options)) == thrown);
        }
        Files.delete(settings);
    }

    public void aFlagEndsTheReadingOfFiles() throws Exception {
        byte[] weights = Files.readAllBytes(modelPath);
        byte[] pixels = Files.readAllBytes(picturePath);
        try (Cancel cancel = context.cancel(); Model model = model()) {
            ModelOptions ofModel = new ModelOptions().cancel(cancel);
            ImageOptions ofImage = new ImageOptions().cancel(cancel);
            cancel.set();
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.loadModel(modelPath, ofModel));
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.loadModel(weights, ofModel));
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.loadImage(picturePath, ofImage));
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.loadImage(pixels, ofImage));
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.run(model, picturePath, new RunOptions().cancel(cancel)));
            cancel.reset();
            context.loadModel(modelPath, ofModel).close();
            context.loadModel(weights, ofModel).close();
            context.loadImage(picturePath, ofImage).close();
            context.loadImage(pixels, ofImage).close();
        }
        Cancel closed = context.cancel();
        closed.close();
        fails(IllegalStateException.class, () -> context.loadModel(modelPath, new ModelOptions().cancel(closed)));
    }

    /** Another thread sets the flag while a model is loaded over and over. */
    public void aFlagEndsALoadingThatGoesOn() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Cancel cancel = context.cancel()) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<Void> loading = executor.submit((Callable<Void>) () -> {
                while (true) {
                    context.loadModel(modelPath, new ModelOptions().cancel(cancel)).close();
                    begun.countDown();
                }
            });
            begun.await();
            cancel.set();
            Throwable cause = fails(java.util.concurrent.ExecutionException.class, loading::get).getCause();
            isTrue(((SegentException) cause).status() == LibSegent.SEGENT_ERROR_CANCELLED, cause);
        } finally {
            executor.shutdown();
        }
    }

    public void aFlagAndAnInterruptionEndRuns() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Model model = model(); Image image = context.loadImage(picturePath); Cancel cancel = context.cancel()) {
            CountDownLatch begun = new CountDownLatch(1);
            RunOptions large = new RunOptions().size(1600).cancel(cancel).progress(done -> begun.countDown());
            Future<Result> running = executor.submit((Callable<Result>) () -> context.run(model, image, large));
            begun.await();
            status(LibSegent.SEGENT_ERROR_BUSY, () -> context.loadImage(picturePath));
            long set = System.nanoTime();
            cancel.set();
            Throwable cause = fails(java.util.concurrent.ExecutionException.class, running::get).getCause();
            double seconds = (System.nanoTime() - set) * 1e-9;
            isTrue(seconds < 1, seconds); // 50 ms on a machine with nothing else to do
            isTrue(((SegentException) cause).status() == LibSegent.SEGENT_ERROR_CANCELLED && cancel.isSet(), cause);
            cancel.reset();
            context.run(model, image, new RunOptions().cancel(cancel)).close();
            status(LibSegent.SEGENT_ERROR_CANCELLED, () -> context.run(model, image, new RunOptions().progress(done -> Thread.currentThread().interrupt())));
            isTrue(Thread.interrupted());
        } finally {
            executor.shutdown();
        }
    }

    public void threadsShareAModelThatMayBeClosedMeanwhile() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        Model model = model();
        CountDownLatch begun = new CountDownLatch(3);
        List<Future<Double>> sums = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sums.add(executor.submit((Callable<Double>) () -> {
                AtomicBoolean told = new AtomicBoolean();
                RunOptions options = new RunOptions().progress(done -> {
                    if (!told.getAndSet(true)) {
                        begun.countDown(); // once for each thread
                    }
                });
                try (Context own = new Context(new ContextOptions().threads(1)); Result result = own.run(model, picturePath, options)) {
                    return result.summary().sum();
                }
            }));
        }
        begun.await();
        model.close();
        equal(sums.get(0).get(), sums.get(1).get());
        equal(sums.get(0).get(), sums.get(2).get());
        executor.shutdown();
    }

    // ---- memory ----

    public void aBufferKeepsItsResultWhenNobodyElseDoes() throws Exception {
        Model model = model();
        Result result = context.run(model, picturePath);
        Handle.Reference reference = result.reference;
        double sum = result.summary().sum();
        FloatBuffer entropy = result.entropy().data();
        isTrue(entropy.isDirect() && entropy.isReadOnly());
        result = null;
        isTrue(survives(reference));
        double again = 0;
        while (entropy.hasRemaining()) {
            again += entropy.get();
        }
        close(again / sum, 1, 1e-9);
        Buffer part = entropy.rewind().slice(5, 10);
        entropy = null;
        isTrue(survives(reference));
        isTrue(part.remaining() == 10);
        part = null;
        isTrue(isFreed(reference), "never destroyed");
    }

    public void aClosedResultIsFreedAtOnceOneThatIsViewedWithItsLastBuffer() throws Exception {
        try (Model model = model(); Image image = context.loadImage(picturePath)) {
            Result unseen = context.run(model, image);
            unseen.close();
            isTrue(unseen.reference.isFree() && unseen.width() > 0);
            fails(IllegalStateException.class, unseen::entropy);
            Result seen = context.run(model, image);
            LabelMap labels = seen.labels();
            seen.close();
            isTrue(survives(seen.reference) && labels.get(0, 0) < model.classes());
            labels = null;
            isTrue(isFreed(seen.reference), "never destroyed");
        }
    }

    public void manyResultsAndContextsLeaveNothingBehind() throws Exception {
        try (Model model = model(); Image image = context.loadImage(picturePath)) {
            RunOptions small = new RunOptions().size(64);
            for (int i = 0; i < 30; i++) {
                context.run(model, image, small).close();
            }
            long before = residentKilobytes();
            for (int i = 0; i < 300; i++) {
                Result result = context.run(model, image, small);
                if (i % 2 == 0) {
                    result.entropy();
                }
                result.close();
                new Context(new ContextOptions().threads(1).log((level, line) -> { })).close();
                if (i % 50 == 0) {
                    System.gc();
                }
            }
            long grown = residentKilobytes() - before;
            isTrue(grown < 40_000, grown, "kB more");
        }
    }

    private static long residentKilobytes() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(one -> one.startsWith("VmRSS")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    // ---- the face ----

    /** What programs see has no type of JNA's, so that another way of calling C can take its place. */
    public void thePublicFaceDoesNotShowJna() {
        List<Class<?>> face = List.of(Cancel.class, ClassStatistics.class, Context.class, ContextOptions.class, EntropyOptions.class, FloatMap.class,
            Image.class, ImageOptions.class, LabelMap.class, Maps.class, Model.class, ModelOptions.class, Pixels.class, Result.class,
            RunOptions.class, Segent.class, SegentException.class, Summary.class, Tensor.class, Timings.class);
        for (Class<?> one : face) {
            for (Method method : one.getDeclaredMethods()) {
                boolean shown = Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
                isTrue(!shown || !method.toGenericString().contains("jna"), method);
            }
            for (Constructor<?> constructor : one.getDeclaredConstructors()) {
                isTrue(!Modifier.isPublic(constructor.getModifiers()) || !constructor.toGenericString().contains("jna"), constructor);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        modelPath = Path.of(arguments[0]);
        picturePath = Path.of(arguments[1]);
        int passed = 0;
        int failed = 0;
        for (Method test : SegentTest.class.getDeclaredMethods()) {
            if (!Modifier.isPublic(test.getModifiers()) || test.getParameterCount() > 0 || Modifier.isStatic(test.getModifiers())) {
                continue;
            }
            SegentTest fresh = new SegentTest();
            try {
                test.invoke(fresh);
                passed++;
                System.out.println("passed " + test.getName());
            } catch (ReflectiveOperationException problem) {
                failed++;
                System.out.println("FAILED " + test.getName());
                problem.getCause().printStackTrace(System.out);
            } finally {
                fresh.context.close();
            }
        }
        System.out.printf("%d passed, %d failed%n", passed, failed);
        System.exit(failed == 0 ? 0 : 1);
    }
}
